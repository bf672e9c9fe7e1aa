// The page: its texts, its filters, its search, and how all of it follows the address.

const $ = (id) => document.getElementById(id);
const HITS = 30;
let shown = readAddress();
let drawn = null;

// --- texts ------------------------------------------------------------------------------------

const TEXTS = {
  skip: "skip", "query-label": "search", "picture-title": "picture", keys: "keys", nothing: "nothing",
};

function fillTexts() {
  const says = words();
  document.documentElement.lang = says.code;
  document.title = either(data, shown.lang);
  $("title").textContent = either(data, shown.lang);
  $("counts").textContent = says.counts(nodes.length.toLocaleString("en-US"), edges.length.toLocaleString("en-US"));
  Object.entries(TEXTS).forEach(([id, name]) => ($(id).textContent = says[name]));
  $("query").placeholder = says.search;
  $("language").textContent = says.other;
  $("language").title = says.otherTitle;
  $("language").lang = shown.lang === "zh" ? "en" : "zh-CN";
  frame.setAttribute("aria-label", says.network);
  $("tools").setAttribute("aria-label", says.tools);
  ["closer", "farther", "fit", "svg", "png"].forEach((id) => {
    $(id).setAttribute("aria-label", says[id]);
    $(id).title = says[id];
  });
  fillAbout();
}

function fillAbout() {
  const says = words();
  const told = (name) => either(FACTS[name] ?? { zh: name, en: name }, shown.lang);
  const names = Object.keys(data.facts).filter((name) => !/_(zh|en)$/.test(name) || !data.facts[name.slice(0, -3)]);
  const line = (name) => [`${told(name)} `, linked(valueOf(data.facts, name, shown.lang))];
  $("facts").replaceChildren(...["release", "licence", "source"].filter((name) => names.includes(name)).map((name) => make("li", {}, line(name))));
  $("made").querySelector("summary").textContent = says.about;
  const order = [...Object.keys(FACTS).filter((name) => names.includes(name)), ...names.filter((name) => !FACTS[name])];
  $("all-facts").replaceChildren(...order.map((name) =>
    make("div", {}, make("dt", {}, told(name)), make("dd", {}, linked(valueOf(data.facts, name, shown.lang).replaceAll("|", says.comma))))));
  $("how").textContent = says.how(cytoscape.version);
  $("licences").querySelector("summary").textContent = says.licences;
}

// A text whose addresses are links.
function linked(text) {
  const parts = String(text).split(/(https?:\/\/[^\s<>"'，。；、）)]*[^\s<>"'，。；、）).,;:])/i);
  return make("span", {}, parts.map((part, at) => (at % 2 ? outward(part, part) : named(part, null))));
}

// --- filters ----------------------------------------------------------------------------------

function fillFilters() {
  const open = Object.fromEntries([...document.querySelectorAll("#filters details")].map((box) => [box.id, box.open]));
  const focused = document.activeElement?.closest?.("#filters")?.contains(document.activeElement) ? document.activeElement.id : "";
  const sorts = data.kinds.map(({ kind, color, shape }) => ({ value: kind, label: kindName(kind), count: kinds.get(kind).nodes.length, sign: sign(shape, color) }));
  const ties = [...relations.entries()].map(([value, relation]) => ({ value, label: either(relation, shown.lang), count: relation.count }));
  const more = [...marked.map(onlyBox), ...(hasWeights ? [slider()] : [])];
  $("filters").replaceChildren(
    ...(sorts.length > 1 ? [filter("kinds", sorts.map((choice) => box("hide", choice)), ["hide"])] : []),
    ...(ties.length || more.length ? [filter("lines", [...more, ...ties.map((choice) => box("without", choice))], ["without", "only", "least"])] : []));
  document.querySelectorAll("#filters details").forEach((part) => (part.open = open[part.id] ?? (part.id === "kinds" && !isNarrow())));
  if (focused) {
    $(focused)?.focus();
  }
}

const UNFILTERED = { hide: new Set(), without: new Set(), only: new Set(), least: 0 };

function filter(id, boxes, keys) {
  const isOn = keys.some((key) => shown[key].size || shown[key] > 0);
  const nothing = () => Object.fromEntries(keys.map((key) => [key, UNFILTERED[key]]));
  const clear = isOn ? make("button", { type: "button", class: "clear", id: `${id}-all`, onclick: () => go(nothing(), false) }, words().all) : null;
  const name = words()[id];
  return make("details", { id, class: isOn ? "filtered" : null }, make("summary", {}, name),
    make("div", { class: "choices", role: "group", "aria-label": name }, boxes, clear));
}

// A box that is ticked while its kind or relation is shown.
function box(key, { value, label, count, sign: picture = null }) {
  const input = make("input", { type: "checkbox", id: `${key}-${value}`, checked: !shown[key].has(value) });
  input.addEventListener("change", () => toggle(key, value, !input.checked));
  return make("label", { class: "choice" }, input, picture, make("span", {}, named(label, null)), make("span", { class: "count" }, String(count)));
}

function onlyBox(column) {
  const input = make("input", { type: "checkbox", id: `only-${column.name}`, checked: shown.only.has(column.name) });
  input.addEventListener("change", () => toggle("only", column.name, input.checked));
  const count = edges.filter(({ values }) => values[column.name] === true).length;
  return make("label", { class: "choice", title: column.note || null }, input, make("span", {}, words().only(either(column, shown.lang))), make("span", { class: "count" }, String(count)));
}

function toggle(key, value, isIn) {
  const next = new Set(shown[key]);
  if (isIn) {
    next.add(value);
  } else {
    next.delete(value);
  }
  go({ [key]: next }, false);
}

// Lines of little weight can be left out.
function slider() {
  const isWhole = edges.every((edge) => Number.isInteger(weightOf(edge)));
  const step = isWhole ? 1 : Number(((heaviest - lightest) / 50).toPrecision(1));
  const range = make("input", { type: "range", id: "least", min: isWhole ? lightest : Math.floor(lightest / step) * step, max: heaviest, step });
  range.value = shown.least || lightest;
  const output = make("output", { for: "least" }, String(shown.least || lightest));
  range.addEventListener("input", () => {
    output.textContent = range.value;
    go({ least: Number(range.value) > lightest ? Number(range.value) : 0 }, false);
  });
  return make("label", { class: "choice least" }, words().least(either(weightColumn, shown.lang)), range, output);
}

// --- search -----------------------------------------------------------------------------------

function fillHits() {
  const text = $("query").value.trim();
  const found = search(text);
  $("found").textContent = text ? words().found(found.length) : "";
  const note = found.length > HITS ? words().more(found.length - HITS) : text && !found.length ? (isUnread(text) ? words().unread(text) : words().none(text)) : "";
  $("hits").replaceChildren(
    ...found.slice(0, HITS).map((node) => make("li", {}, linkTo(node), make("span", { class: "kind-name" }, kindName(node.kind)))),
    ...(note ? [make("li", { class: "note" }, note)] : []));
}

function closeHits() {
  $("query").value = "";
  fillHits();
}

$("query").addEventListener("input", fillHits);
$("query").addEventListener("focus", fillHits);

// What lies above the page goes when something else is pressed.
document.addEventListener("pointerdown", ({ target }) => {
  if (!$("find").contains(target)) {
    $("hits").replaceChildren();
  }
  if (!$("made").contains(target)) {
    $("made").open = false;
  }
}, { capture: true });

$("find").addEventListener("keydown", (event) => {
  const links = [...$("hits").querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
  if (event.key === "Enter" && at < 0 && links.length) {
    links[0].click();
  } else if (to !== undefined && links.length) {
    event.preventDefault();
    (to < 0 ? $("query") : links[Math.min(to, links.length - 1)]).focus();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    closeHits();
    $("query").focus();
  }
});

// --- following the address --------------------------------------------------------------------

function follow() {
  shown = readAddress();
  const before = drawn;
  drawn = { ...shown };
  const isNew = (name) => !before || written({ ...before, [name]: shown[name] }) !== written(before);
  see();
  if (isNew("lang")) {
    fillTexts();
    $("hits").replaceChildren();
  }
  fillFilters();
  if (isNew("lang") || isNew("node") || isNew("hide")) {
    fillSide();
  }
  document.querySelectorAll("a[data-node]").forEach((link) => (link.href = written({ ...shown, node: link.dataset.node || null })));
}

// A link to a node leads there, and the reader with it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-node]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  const node = byId.get(link.dataset.node) ?? null;
  go({ node: node?.id ?? null }, true);
  addEventListener("hashchange", () => {
    closeHits();
    if (node) {
      move(wanted());
    }
    $("side-title").focus({ preventScroll: true });
    side.scrollIntoView({ block: "nearest", behavior: isStill() ? "auto" : "smooth" });
  }, { once: true });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown.node !== null) {
    go({ node: null }, true);
  }
});

$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  side.focus();
});
$("language").addEventListener("click", () => go({ lang: shown.lang === "zh" ? "en" : "zh" }, false));
$("svg").addEventListener("click", saveSvg);
$("png").addEventListener("click", savePng);
$("closer").addEventListener("click", () => zoomBy(1.4));
$("farther").addEventListener("click", () => zoomBy(1 / 1.4));
$("fit").addEventListener("click", () => move(whole()));

// On paper the picture is drawn by its lines, not by the dots of the screen.
addEventListener("beforeprint", () => {
  const picture = new DOMParser().parseFromString(figure().svg, "image/svg+xml").documentElement;
  $("printed").replaceChildren(document.importNode(picture, true));
});
addEventListener("afterprint", () => $("printed").replaceChildren());
addEventListener("hashchange", follow);
follow();
cy.viewport(wanted());
