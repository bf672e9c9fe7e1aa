// Puts the editor into the page: our endpoint, prefixes and terms, and no look-up elsewhere.
"use strict";

(() => {
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const endpoint = new URL(settings.endpoint, location.href).href;
  const Yasgui = window.Yasgui && (window.Yasgui.default || window.Yasgui.Yasgui || window.Yasgui);
  if (typeof Yasgui !== "function") {
    return; // the plain form stays
  }
  const Yasqe = Yasgui.Yasqe;

  const shorten = (iri) => {
    const fits = Object.entries(settings.prefixes).filter(([, space]) => iri.startsWith(space));
    fits.sort((a, b) => b[1].length - a[1].length);
    return fits.length ? `${fits[0][0]}:${iri.slice(fits[0][1].length)}` : iri;
  };

  const offer = (from, name, terms) => {
    const labels = new Map(terms.map(([iri, label]) => [shorten(iri), label]));
    Yasqe.forkAutocompleter(from, {
      name,
      bulk: true,
      persistenceId: null,
      get: () => terms.map(([iri]) => iri),
      postprocessHints: (_, hints) =>
        hints.map((hint) => ({
          ...hint,
          displayText: [hint.text, labels.get(hint.text)].filter(Boolean).join("  "),
        })),
    });
  };
  offer("property", "property-local", settings.properties);
  offer("class", "class-local", settings.classes);
  Yasqe.forkAutocompleter("prefixes", {
    name: "prefixes-local",
    persistenceId: null,
    get: () => Object.entries(settings.prefixes).map(([name, iri]) => `${name}: <${iri}>`),
  });
  Yasqe.defaults.autocompleters = ["prefixes-local", "variables", "property-local", "class-local"];
  Yasqe.defaults.prefixCcApi = null;
  Yasqe.defaults.value = document.getElementById("query").value;
  const plainTab = Yasgui.Tab.getDefaults.bind(Yasgui.Tab);
  Yasgui.Tab.getDefaults = (of) => {
    const tab = plainTab(of);
    tab.yasr.settings.pluginsConfig = { table: { compact: true } }; // texts without quotes and types
    return tab;
  };

  const yasgui = new Yasgui(document.getElementById("editor"), {
    persistenceId: "dgkg",
    tabName: settings.texts.tab,
    copyEndpointOnNewTab: false,
    autofocus: false,
    requestConfig: { endpoint, method: "POST", acceptHeaderGraph: "text/turtle" },
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
    populateFromUrl: (tab) => {
      tab.requestConfig.endpoint = endpoint; // whatever the address says
      return tab;
    },
    yasr: { prefixes: settings.prefixes },
  });
  document.getElementById("plain").hidden = true;
  const given = Yasqe.defaults.value;
  if (settings.given && yasgui.getTab()?.getQuery() !== given) { // beside those of earlier visits
    yasgui.addTab(true, { yasqe: { value: given } }, { avoidDuplicateTabs: true });
  }

  document.getElementById("editor").addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && link.href.startsWith(settings.iris)) { // this service tells of the things as well
      link.href = settings.root + link.href.slice(settings.iris.length);
    }
  }, true);

  const label = () => {
    const names = { ".autocomplete": settings.texts.endpoint, textarea: settings.texts.tab };
    for (const [selector, text] of Object.entries(names)) {
      for (const element of document.querySelectorAll(`#editor ${selector}`)) {
        element.setAttribute("aria-label", text);
      }
    }
    for (const button of document.querySelectorAll("#editor .yasqe_queryButton:not([data-word])")) {
      button.dataset.word = settings.texts.run; // which the style sheet shows beside the triangle
    }
  };
  label();
  yasgui.on("tabAdd", () => setTimeout(label));

  const empty = document.getElementById("empty");
  yasgui.on("query", () => { empty.hidden = true; });
  yasgui.on("queryResponse", (_, tab) => setTimeout(() => {
    const rows = tab.yasr.results && tab.yasr.results.getBindings();
    empty.hidden = !rows || rows.length > 0;
  }));

  const examples = document.getElementById("examples");
  const chosen = document.getElementById("example");
  const told = document.getElementById("told");
  examples.hidden = false;
  chosen.addEventListener("change", async () => {
    if (!chosen.value) {
      return;
    }
    told.textContent = "";
    const name = chosen.selectedOptions[0].textContent;
    const answer = await fetch(`${settings.queries}${encodeURIComponent(chosen.value)}.rq`);
    if (!answer.ok) {
      told.textContent = settings.texts.failed;
      return;
    }
    const value = (await answer.text()).replace(/^#\+.*\n/gm, ""); // without the header
    yasgui.addTab(true, { name, yasqe: { value } }, { avoidDuplicateTabs: true });
  });
})();
