// The network as the page uses it: nodes with their links, lines between pairs, texts by language.

const data = JSON.parse(document.getElementById("data").textContent);

// Columns that are shown as what they are, not below their labels.
const SHOWN = new Set([
  "label", "label_en", "kind", "kind_zh", "kind_en", "bipartite", "form", "quotes", "statements", "passages", "forms", "lines",
]);

const valued = (columns, values) => Object.fromEntries(columns.map(({ name }, at) => [name, values[at]]));

const kinds = new Map(data.kinds.map((kind) => [kind.kind, { ...kind, nodes: [] }]));

const nodes = data.nodes.map(([id, x, y, size, color, shape, values], at) => {
  const found = valued(data.nodeColumns, values);
  const node = { at, id, x, y: -y, size, color, shape, values: found, kind: found.kind ?? "", links: [] };
  kinds.get(node.kind).nodes.push(node);
  return node;
});

const byId = new Map(nodes.map((node) => [node.id, node]));

const edges = data.edges.map(([one, other, values]) => {
  const found = valued(data.edgeColumns, values);
  const edge = { source: nodes[one], target: nodes[other], values: found };
  edge.source.links.push({ node: edge.target, edge, isOut: true });
  if (edge.source !== edge.target) {
    edge.target.links.push({ node: edge.source, edge, isOut: false });
  }
  return edge;
});

// What is drawn: one line for all edges between two nodes.
const lines = linesOf(edges);

function linesOf(some) {
  const found = new Map();
  for (const edge of some) {
    const { source, target } = edge;
    const [one, other] = source.at <= target.at ? [source, target] : [target, source];
    const key = `${one.at} ${other.at}`;
    const line = found.get(key) ?? { one, other, edges: [] };
    line.edges.push(edge);
    found.set(key, line);
  }
  return [...found.values()].filter(({ one, other }) => one !== other);
}

for (const node of nodes) {
  node.degree = new Set(node.links.map((link) => link.node).filter((other) => other !== node)).size;
}

// What is linked with nearly everything tells nothing of what belongs together.
const isCommon = (node) => nodes.length > 50 && node.degree > nodes.length / 2;
const busiest = Math.max(1, ...nodes.filter((node) => !isCommon(node)).map((node) => node.degree));
const heaviest = Math.max(1, ...edges.map((edge) => Number(edge.values.weight) || 0));
const lightest = Math.min(heaviest, ...edges.map((edge) => Number(edge.values.weight) || heaviest));
const hasWeights = data.edgeColumns.some(({ name }) => name === "weight") && heaviest > lightest;
const hasSizes = new Set(nodes.map((node) => node.size)).size > 1;
const weightOf = (edge) => Number(edge.values.weight) || 0;

const weightColumn = data.edgeColumns.find(({ name }) => name === "weight");

// Relations, by what their edges are called in Chinese: they can be hidden where there are several,
// unless they only tell the weight in words.
const everyRelation = relationsOf(edges);
const tellsWeight = hasWeights && [...everyRelation.values()].every(({ weights }) => weights.size === 1);
const relations = everyRelation.size > 1 && everyRelation.size <= 40 && !tellsWeight ? everyRelation : new Map();

// Relations that lead to one node from nearly everywhere: not drawn unless asked for.
const dull = new Set([...relations].filter(([, { ends }]) => ends.size === 1 && isCommon([...ends][0])).map(([name]) => name));

// Attributes that are true of some edges only: one can look at those alone.
const marked = data.edgeColumns.filter(({ name }) => new Set(edges.map(({ values }) => values[name] === true)).size === 2);

function relationsOf(some) {
  const found = new Map();
  for (const { values, target } of some) {
    if (typeof values.label === "string") {
      const relation = found.get(values.label) ?? {
        zh: values.label, en: values.label_en ?? values.label, count: 0, ends: new Set(), weights: new Set(),
      };
      relation.count += 1;
      relation.ends.add(target);
      relation.weights.add(values.weight);
      found.set(values.label, relation);
    }
  }
  const sorted = [...found.entries()].sort(([, one], [, other]) => other.count - one.count);
  return new Map(sorted);
}

// --- texts ------------------------------------------------------------------------------------

// The text of something that has it in both languages.
const either = (thing, language) => (language === "zh" ? thing.zh : thing.en) || thing.en || thing.zh;

function labelOf(node, language) {
  const { label, label_en: english } = node.values;
  return (language === "zh" ? label : english || label) || node.id;
}

// A value by its name, in the language of the page where there are two.
const valueOf = (values, name, language) =>
  (language === "zh" ? values[`${name}_zh`] : values[`${name}_en`]) ?? values[name];

const isPresent = (value) => value !== null && value !== undefined && value !== "" && value.length !== 0;

// What a column is called where only the value in the language of the page is shown.
const titleOf = (column, language) => either(column, language).replace(/\s*[（(](zh|en|中|英)[）)]$/, "");

// What a thing has beside what is shown of it anyway: its column and the value in one language.
function attributes(columns, values, language, left) {
  const names = new Set(columns.map(({ name }) => name));
  const isOther = ({ name }) => /_(zh|en)$/.test(name) && names.has(name.slice(0, -3));
  return columns
    .filter((column) => !SHOWN.has(column.name) && !left.has(column.name) && !isOther(column))
    .map((column) => ({ column, value: byId.has(values[column.name]) ? values[column.name] : valueOf(values, column.name, language) }))
    .filter(({ value }) => isPresent(value));
}

// The address of a CURIE of ours, or of what is one already; nothing else is ever linked.
function addressOf(text) {
  const [prefix, ...rest] = String(text).split(":");
  const base = Object.hasOwn(data.prefixes, prefix) ? data.prefixes[prefix] : null;
  const address = base && rest.length ? base + encodeURI(rest.join(":")) : String(text);
  return /^https?:\/\/[^\s]+$/i.test(address) ? address : null;
}

// What the strength of a statement is called, by its name in the ontology.
const formNames = new Map(edges.filter(({ values }) => values.form).map(({ values }) => [values.form, values]));

// Sentences, each once, with all that rests on it: statement or passage, form and line.
function quotesOf({ values }) {
  const several = (name) => [values[name] ?? []].flat();
  const [statements, forms, places] = [several(values.statements ? "statements" : "passages"), several("forms"), several("lines")];
  const found = new Map();
  several("quotes").forEach((quote, at) => {
    const told = { id: statements[at] ?? null, form: formNames.get(forms[at]) ?? null, line: places[at] || null };
    found.set(quote, [...(found.get(quote) ?? []), told]);
  });
  found.delete("");
  return [...found].map(([quote, told]) => ({ quote, told }));
}

// --- search -----------------------------------------------------------------------------------

// Case, width, accents, blanks and hyphens do not matter.
const folded = (text) =>
  String(text).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s\p{P}]/gu, "");

const NAMES = ["label", "label_en", "variants", "brands"];

const searched = nodes.map((node) => {
  const names = NAMES.flatMap((name) => node.values[name] ?? []).map(folded);
  return { node, names: [...names, folded(node.id), folded(node.id.replace(/^[^:]*:/, ""))] };
});

// Nodes whose names hold a text: the same first, then those that begin with it, the busy ones first.
function search(text) {
  const wanted = folded(text);
  if (!wanted) {
    return [];
  }
  const rank = (names) =>
    Math.min(...names.map((name) => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 9)));
  return searched
    .map(({ node, names }) => ({ node, rank: rank(names) }))
    .filter(({ rank: found }) => found < 9)
    .sort((one, other) => one.rank - other.rank || other.node.degree - one.node.degree || one.node.at - other.node.at)
    .map(({ node }) => node);
}

// Whether a text names something of which no text was read; what was read instead stands behind it.
const unread = ["not_read", "not_read_en"].flatMap((name) =>
  (data.facts[name] ?? "").split(/[|、,，;；\n]/).map((part) => folded(part.replace(/[（(].*$/, ""))));

const isUnread = (text) => unread.includes(folded(text));
