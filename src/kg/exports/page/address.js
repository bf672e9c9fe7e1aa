// What the page shows, as it stands behind the # of its address: so that it can be sent to others.

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const several = (name) => new Set(given.getAll(name));
  const language = given.get("lang") ?? (/^zh/i.test(navigator.language) ? "zh" : "en");
  return {
    lang: Object.hasOwn(WORDS, language) ? language : "zh",
    node: given.get("node"),
    hide: new Set([...several("hide")].filter((kind) => kinds.has(kind))),
    without: given.has("without") ? new Set([...several("without")].filter((relation) => relations.has(relation))) : new Set(dull),
    only: new Set([...several("only")].filter((name) => marked.some((column) => column.name === name))),
    least: hasWeights ? Math.max(0, Number(given.get("least")) || 0) : 0,
  };
}

function written({ lang, node, hide, without, only, least }) {
  const found = new URLSearchParams({ lang });
  if (node !== null) {
    found.set("node", node);
  }
  [...hide].sort().forEach((kind) => found.append("hide", kind));
  if (without.size !== dull.size || [...without].some((relation) => !dull.has(relation))) {
    [...(without.size ? without : [""])].sort().forEach((relation) => found.append("without", relation));
  }
  [...only].sort().forEach((name) => found.append("only", name));
  if (least) {
    found.set("least", least);
  }
  // URLSearchParams writes more than an address needs: a colon may stand as it is.
  return `#${found.toString().replace(/%3A/g, ":")}`;
}

// A choice of a node can be gone back from; filters and language stay as they are then.
function go(change, isStep) {
  shown = { ...shown, ...change };
  const next = written(shown);
  if (isStep) {
    location.hash = next;
  } else {
    location.replace(location.href.split("#")[0] + next);
  }
}
