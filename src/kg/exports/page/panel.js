// The list beside the picture: all that the picture says, as text and links.

const MANY = 40; // entries of a group that are shown at once
const FEW = 3; // sentences of an entry that are shown at once
const side = document.getElementById("side");
const isNarrow = () => matchMedia("(max-width: 56rem)").matches;

function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === "onclick") {
      element.addEventListener("click", value);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

const kindName = (kind) => either(kinds.get(kind), shown.lang) || kind || words().node;
const words = () => WORDS[shown.lang];

// A name keeps to itself, whatever direction its signs ask for.
const named = (text, language) => make("bdi", { lang: language }, text);

function labelElement(node) {
  const { label, label_en: english } = node.values;
  const language = shown.lang === "zh" || !english ? "zh-CN" : "en";
  return label || english ? named(labelOf(node, shown.lang), language === WORDS[shown.lang].code ? null : language) : named(node.id, null);
}

// A link to a node: an address that can be kept, and a step that can be gone back from.
function linkTo(node) {
  const link = make("a", { href: "#", "data-node": node.id }, sign(node.shape, node.color), labelElement(node));
  link.href = written({ ...shown, node: node.id });
  return link;
}

const outward = (address, ...children) =>
  make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);

// --- values -----------------------------------------------------------------------------------

function valueElement(value) {
  if (Array.isArray(value)) {
    return make("span", {}, value.flatMap((item, at) => [at ? words().comma : "", valueElement(item)]));
  }
  if (typeof value === "boolean") {
    return make("span", {}, words().truth[Number(value)]);
  }
  if (typeof value === "number") {
    return make("span", {}, value.toLocaleString("en-US", { maximumFractionDigits: 4 }));
  }
  if (byId.has(value)) {
    return linkTo(byId.get(value));
  }
  const address = addressOf(value);
  return address ? outward(address, named(value, null)) : named(value, null);
}

const factList = (found) =>
  make("dl", { class: "facts" }, found.map(({ column, value }) =>
    make("div", {}, make("dt", { title: column.note || null }, titleOf(column, shown.lang)), make("dd", {}, valueElement(value)))));

// What is said of a thing; what was computed of it stands apart, folded.
function attributeLists(columns, values, left = new Set()) {
  const found = attributes(columns, values, shown.lang, left);
  const isMeasure = ({ value }) => typeof value === "number";
  const [told, measured] = [found.filter((one) => !isMeasure(one)), found.filter(isMeasure)];
  return [
    told.length ? factList(told) : null,
    measured.length ? make("details", { class: "measures" }, make("summary", {}, words().measures), factList(measured)) : null,
  ];
}

function quoteElement({ quote, told }) {
  const sources = told.filter(({ id, line }) => id || line).map(({ id, form, line }) => make("li", {},
    form ? `${either({ zh: form.label, en: form.label_en }, shown.lang)} · ` : null, line ? `${words().line(line)}${id ? " · " : ""}` : null, id ? reference(id) : null));
  return make("blockquote", {}, make("p", { lang: "zh-CN" }, named(quote, null)),
    sources.length ? make("footer", {}, make("ul", { "aria-label": words().statement }, sources)) : null);
}

function reference(id) {
  const address = addressOf(id);
  return address ? outward(address, named(id, null)) : named(id, null);
}

function quoteList(quotes) {
  const [first, rest] = [quotes.slice(0, FEW), quotes.slice(FEW)];
  const more = rest.length
    ? make("details", {}, make("summary", {}, words().restQuotes(rest.length)), rest.map(quoteElement))
    : null;
  return [...first.map(quoteElement), more];
}

// --- one node ---------------------------------------------------------------------------------

function neighboursOf(node) {
  const found = new Map();
  for (const link of node.links) {
    if (link.node !== node) {
      found.set(link.node, [...(found.get(link.node) ?? []), link]);
    }
  }
  const weight = (links) => links.reduce((sum, { edge }) => sum + weightOf(edge), 0);
  return [...found.entries()]
    .map(([other, links]) => ({ node: other, links }))
    .sort((one, other) => weight(other.links) - weight(one.links) || compare(one.node, other.node));
}

const collators = { zh: new Intl.Collator("zh-CN"), en: new Intl.Collator("en") };
const compare = (one, other) =>
  collators[shown.lang].compare(labelOf(one, shown.lang), labelOf(other, shown.lang)) || one.at - other.at;

// What a link says beside its sentences: its relation and its attributes.
function linkElement({ edge, isOut }) {
  const label = valueOf(edge.values, "label", shown.lang);
  const arrow = data.directed ? make("span", { class: "arrow", "aria-hidden": "true" }, isOut ? "→" : "←") : null;
  const weight = hasWeights && !tellsWeight ? make("span", {}, `${either(weightColumn, shown.lang)} ${weightOf(edge)}`) : null;
  const told = Object.fromEntries(Object.entries(edge.values).filter(([, value]) => value !== false));
  return make("div", { class: "link" }, make("p", {}, arrow, label ? make("span", { class: "relation" }, named(label, null)) : null, weight),
    attributeLists(data.edgeColumns, told, new Set(["weight", "property"])));
}

function neighbourElement({ node, links }) {
  const own = links.flatMap(({ edge }) => quotesOf(edge));
  const quotes = own.length ? own : quotesOf(node);
  return make("li", {}, make("h4", {}, linkTo(node)), links.map(linkElement), quoteList(quotes));
}

// Entries of a list: many of them not before they are asked for.
function listed(entries, element) {
  const list = make("ul", { class: "entries" }, entries.slice(0, MANY).map(element));
  const rest = entries.slice(MANY);
  if (!rest.length) {
    return [list];
  }
  const more = make("button", { type: "button", class: "more", onclick: () => {
    const added = rest.map(element);
    list.append(...added);
    more.remove();
    added[0].querySelector("a")?.focus();
  } }, words().rest(rest.length));
  return [list, more];
}

function groupElement(kind, entries) {
  const { color, shape } = kinds.get(kind);
  const hidden = shown.hide.has(kind) ? make("small", {}, `（${words().hiddenKind}）`) : null;
  return make("section", { class: "group", "data-kind": kind },
    make("h3", {}, sign(shape, color), `${kindName(kind)} `, make("span", { class: "count" }, String(entries.length)), hidden),
    listed(entries, neighbourElement));
}

function nodeElements(node) {
  const neighbours = neighboursOf(node);
  const quotes = quotesOf(node);
  const groups = data.kinds.map(({ kind }) => [kind, neighbours.filter(({ node: other }) => other.kind === kind)]);
  const isUntold = "reading" in node.values && ![null, "text"].includes(node.values.reading);
  return [
    make("p", { class: "back" }, make("a", { href: written({ ...shown, node: null }), "data-node": "" }, `← ${words().back}`)),
    make("h2", { id: "side-title", tabindex: "-1" }, sign(node.shape, node.color), labelElement(node)),
    make("p", { class: "other" }, otherLabel(node)),
    make("p", { class: "what" }, kindName(node.kind), node.kind ? " · " : "", words().neighbours(neighbours.length), " · ", recordOf(node)),
    isUntold ? make("p", { class: "empty" }, words().notTold) : null,
    neighbours.length || isUntold ? null : make("p", { class: "empty" }, words().noLinks),
    ...attributeLists(data.nodeColumns, node.values),
    quotes.length ? make("section", { class: "own" }, make("h3", {}, words().own), quoteList(quotes)) : null,
    ...groups.filter(([, entries]) => entries.length).map(([kind, entries]) => groupElement(kind, entries)),
  ];
}

function otherLabel(node) {
  const { label, label_en: english } = node.values;
  const other = shown.lang === "zh" ? english : label;
  return other && other !== labelOf(node, shown.lang) ? named(other, shown.lang === "zh" ? "en" : "zh-CN") : "";
}

function recordOf(node) {
  const address = addressOf(node.id);
  const id = make("code", {}, named(node.id, null));
  return address ? outward(address, id) : id;
}

// --- everything -------------------------------------------------------------------------------

const busy = (some) => [...some].sort((one, other) => other.degree - one.degree || compare(one, other));

function overviewElements() {
  const start = busy(nodes.filter((node) => !isCommon(node) && node.degree > 0)).slice(0, 8);
  const [missing, limits] = ["not_read", "limits"].map((name) => valueOf(data.facts, name, shown.lang));
  const notes = [...words().reading, hasSizes ? words().bigger : "", data.directed ? words().arrows : ""].filter(Boolean);
  return [
    make("h2", { id: "side-title", tabindex: "-1" }, words().start),
    shown.node !== null ? make("p", { class: "empty" }, words().unknown(shown.node)) : null,
    make("p", { class: "hint" }, words().startNote),
    make("ol", { class: "starts" }, start.map((node) => make("li", {}, linkTo(node), make("span", { class: "count" }, String(node.degree))))),
    make("details", { class: "reading", open: !isNarrow() }, make("summary", {}, make("h2", {}, words().read)), make("ul", {}, notes.map((text) => make("li", {}, text)))),
    missing
      ? make("section", { class: "unread" }, make("h2", {}, words().notRead), make("p", {}, named(missing, null)), make("p", { class: "hint" }, words().notReadNote))
      : null,
    limits ? make("details", {}, make("summary", {}, make("h2", {}, words().limits)), make("p", {}, named(limits, null))) : null,
    make("h2", {}, words().list),
    ...data.kinds.map(({ kind, color, shape }) => kindList(kind, color, shape)),
  ];
}

// All nodes of a kind, written out when they are asked for.
function kindList(kind, color, shape) {
  const members = kinds.get(kind).nodes;
  const list = make("details", { class: "kind", "data-kind": kind },
    make("summary", {}, sign(shape, color), `${kindName(kind)} `, make("span", { class: "count" }, String(members.length))));
  const fill = () => {
    if (list.open && !list.querySelector("ul")) {
      const line = (node) => make("li", {}, linkTo(node), make("span", { class: "count" }, String(node.degree)));
      list.append(make("ul", { class: "nodes" }, busy(members).map(line)));
    }
  };
  list.addEventListener("toggle", fill);
  return list;
}

function fillSide() {
  const node = byId.get(shown.node);
  side.replaceChildren(...(node ? nodeElements(node) : overviewElements()).filter(Boolean));
  side.scrollTop = 0;
}
