// Reads an exported network as a library of JavaScript does, and prints what it found as JSON:
//   node read.mjs cytoscape|gexf|graphml FILE
import { readFileSync } from "node:fs";
import cytoscape from "cytoscape";
import Graph from "graphology";
import gexf from "graphology-gexf";
import graphml from "graphology-graphml";

const viaGraphology = (library) => (text) => {
  const { nodes, edges } = library.parse(Graph, text).export();
  return {
    nodes: nodes.map(({ key, attributes }) => [key, attributes]),
    edges: edges.map(({ source, target, attributes }) => [source, target, attributes]),
  };
};

const viaCytoscape = (text) => {
  const { elements, layout, style } = JSON.parse(text);
  const cy = cytoscape({ headless: true, styleEnabled: true, elements, layout, style });
  return {
    nodes: cy.nodes().map((node) => {
      const { id, ...data } = node.data();
      const drawn = { drawn: [node.style("shape"), node.style("background-color"), node.width()] };
      return [id, { ...data, ...node.position(), ...drawn }];
    }),
    edges: cy.edges().map((edge) => {
      const { id, source, target, ...data } = edge.data();
      return [source, target, data];
    }),
  };
};

const READERS = {
  cytoscape: viaCytoscape,
  gexf: viaGraphology(gexf),
  graphml: viaGraphology(graphml),
};

const [, , form, path] = process.argv;
const found = JSON.stringify(READERS[form](readFileSync(path, "utf8")));
process.stdout.write(found, () => process.exit()); // a style of Cytoscape.js never ends by itself
