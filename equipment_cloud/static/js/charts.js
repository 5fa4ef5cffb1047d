/* Charts from <div data-chart="#id-of-json">. Colours tell apart for the colour-blind; tooltips are drawn in the canvas
   (an HTML tooltip would need inline styles, which the content-security policy forbids). */
(() => {
  "use strict";

  const PALETTE = {
    light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#5f6670"],
    dark: ["#56b4e9", "#e69f00", "#2fc497", "#e3a0c6", "#f0e442", "#7f9cf5", "#b5bdc9"],
  };

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Everything the page leaves out: palette, type, axes, tooltip, words for screen readers. */
  function dressed(options) {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    const ink = token("--ink");
    const axis = {
      axisLabel: { color: token("--ink-soft"), hideOverlap: true },
      axisLine: { lineStyle: { color: token("--line-strong") } },
      splitLine: { lineStyle: { color: token("--line") } },
      nameTextStyle: { color: token("--ink-soft") },
    };
    const withAxis = (given) => (Array.isArray(given) ? given : [given]).map((one) => ({ ...axis, ...one }));
    const whole = {
      color: PALETTE[dark ? "dark" : "light"],
      backgroundColor: "transparent",
      textStyle: { fontFamily: token("--font"), color: ink },
      grid: { left: 8, right: 16, top: options.legend ? 40 : 16, bottom: 8, containLabel: true },
      animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      ...options,
      legend: options.legend ? { top: 0, textStyle: { color: ink }, ...options.legend } : undefined,
      aria: { enabled: true, ...options.aria },
      tooltip: { trigger: "axis", ...options.tooltip, renderMode: "richText" },
    };
    ["xAxis", "yAxis"].forEach((name) => {
      if (options[name]) {
        whole[name] = withAxis(options[name]);
      }
    });
    return whole;
  }

  function isEmpty(options) {
    const series = [options.series ?? []].flat();
    const rows = options.dataset ? [options.dataset].flat().flatMap((set) => set.source ?? []) : [];
    return rows.length < 2 && series.every((one) => !one.data?.length);
  }

  function draw(place) {
    const source = document.querySelector(place.dataset.chart);
    if (!source) {
      return;
    }
    const options = JSON.parse(source.textContent);
    if (isEmpty(options)) {
      place.classList.add("chart-empty");
      place.textContent = place.dataset.empty;
      place.dataset.drawn = "empty";
      return;
    }
    window.echarts.getInstanceByDom(place)?.dispose();
    const chart = window.echarts.init(place);
    chart.setOption(dressed(options));
    place.dataset.drawn = "chart";
    sizes.observe(place);
  }

  const sizes = new ResizeObserver((entries) => {
    entries.forEach(({ target }) => window.echarts.getInstanceByDom(target)?.resize());
  });

  window.drawCharts = (again = false) => {
    document.querySelectorAll("[data-chart]").forEach((place) => {
      if (again || !window.echarts.getInstanceByDom(place)) {
        draw(place);
      }
    });
  };

  document.addEventListener("theme-changed", () => window.drawCharts(true));
})();
