// Draws the decade chart on the dashboard from the JSON answer that the table below it shows too.
// On any failure the chart's box goes away and the table opens: the page is whole without this file.
"use strict";

(() => {
  const canvas = document.getElementById("releaseDecadeChart");
  if (!canvas) return;
  const thousands = new Intl.NumberFormat("en-US");

  start().catch(showTable);

  async function start() {
    const response = await fetch("/api/release-decade-distribution", { headers: { accept: "application/json" } });
    if (!response.ok) throw new Error(`the decades answered ${response.status}`);
    const decades = await response.json();
    let chart = draw(decades);
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", () => {
        chart.destroy();
        chart = draw(decades);
      });
    }
  }

  function showTable(failure) {
    console.error(failure);
    canvas.closest(".chart").hidden = true;
    canvas.closest("section").querySelector("details").open = true;
  }

  function draw(decades) {
    const colour = tokens();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    const chart = new Chart(canvas, {
      type: "bar",
      data: bars(decades, colour),
      options: options(colour, decades.labels.length),
      plugins: [valueLabels(colour, decades.labels.length)],
    });
    canvas.dataset.drawn = "true";
    return chart;
  }

  function tokens() {
    const style = getComputedStyle(document.documentElement);
    const names = ["ink", "ink-2", "paper", "sunk", "line-strong", "chart", "chart-edge"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  // Tracks without a known year are a last, hollow bar.
  function bars({ labels, data, unknown_count: unknown }, colour) {
    const hasUnknown = unknown > 0;
    const perBar = (known, hollow) => [...labels.map(() => known), ...(hasUnknown ? [hollow] : [])];
    const fill = perBar(colour.chart, colour.sunk);
    return {
      labels: hasUnknown ? [...labels, "Unknown"] : labels,
      datasets: [{
        label: "Tracks",
        data: hasUnknown ? [...data, unknown] : data,
        backgroundColor: fill,
        hoverBackgroundColor: fill,
        borderColor: perBar(colour["chart-edge"], colour["line-strong"]),
        borderWidth: 1,
        borderRadius: 2,
        maxBarThickness: 56,
        categoryPercentage: 0.86,
        barPercentage: 0.88,
      }],
    };
  }

  function options(colour, unknownAt) {
    return {
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { top: 22 } },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: {
          grid: { display: false },
          border: { color: colour["line-strong"] },
          ticks: { autoSkip: false, color: colour["ink-2"], padding: 4, callback: tickLabel(unknownAt) },
        },
        y: { display: false, beginAtZero: true },
      },
      plugins: { legend: { display: false }, tooltip: tooltip(colour) },
    };
  }

  function tickLabel(unknownAt) {
    return function label(position) {
      return position === unknownAt && this.chart.width < 480 ? "?" : this.getLabelForValue(position);
    };
  }

  function tooltip(colour) {
    return {
      backgroundColor: colour.ink,
      titleColor: colour.paper,
      bodyColor: colour.paper,
      cornerRadius: 6,
      padding: 10,
      displayColors: false,
      callbacks: { label: ({ raw }) => (raw === 1 ? "1 track" : `${thousands.format(raw)} tracks`) },
    };
  }

  // Chart.js has no labels at the bars; the fill alone is too pale to be read against paper.
  function valueLabels(colour, unknownAt) {
    return {
      id: "valueLabels",
      afterDatasetsDraw(chart) {
        const { ctx } = chart;
        ctx.save();
        ctx.font = `500 13px ${Chart.defaults.font.family}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "bottom";
        chart.getDatasetMeta(0).data.forEach((bar, position) => {
          const value = thousands.format(chart.data.datasets[0].data[position]);
          ctx.fillStyle = position === unknownAt ? colour["ink-2"] : colour.ink;
          ctx.fillText(value, bar.x, bar.y - 5);
        });
        ctx.restore();
      },
    };
  }
})();
