// Draws each table that has data-chart into the canvas of the same section.
//
// data-chart is the kind of the chart. In the table's head, data-unit marks a column to draw; it is the unit in the
// singular. data-apart marks a row outside the sequence, such as "Unknown"; it is the label of the row in a narrow chart.
// On any error the box of the chart is hidden and the table is opened.
"use strict";

(() => {
  const kinds = { bar };
  const thousands = new Intl.NumberFormat("en-US");

  document.querySelectorAll("table[data-chart]").forEach(start);

  function start(table) {
    const section = table.closest("section");
    let chart;
    const redraw = () => {
      try {
        chart?.destroy();
        chart = draw(table, section.querySelector("canvas"));
      } catch (error) {
        console.error(error);
        section.querySelector(".chart").hidden = true;
        section.querySelector("details").open = true;
      }
    };
    redraw();
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", redraw);
    }
  }

  function draw(table, canvas) {
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    const chart = new Chart(canvas, kinds[table.dataset.chart](read(table), tokens()));
    canvas.dataset.drawn = "true";
    return chart;
  }

  // `labels` and `apart` have an entry for each row, `series` one for each marked column.
  function read(table) {
    const rows = [...table.tBodies[0].rows];
    const columns = [...table.tHead.rows[0].cells].filter((head) => head.dataset.unit);
    return {
      labels: rows.map((row) => row.cells[0].textContent),
      apart: rows.map((row) => row.dataset.apart),
      series: columns.map((head) => ({
        label: head.textContent,
        unit: head.dataset.unit,
        values: rows.map((row) => value(row.cells[head.cellIndex])),
      })),
    };
  }

  function value(cell) {
    const number = Number.parseFloat(cell.textContent.replaceAll(",", ""));
    if (Number.isNaN(number)) throw new Error(`"${cell.textContent}" is not a number`);
    return number;
  }

  function tokens() {
    const style = getComputedStyle(document.documentElement);
    const names = ["ink", "ink-2", "paper", "sunk", "line-strong", "chart", "chart-edge"];
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  // Rows apart are hollow bars.
  function bar({ labels, apart, series }, colour) {
    const fill = apart.map((short) => (short ? colour.sunk : colour.chart));
    const edge = apart.map((short) => (short ? colour["line-strong"] : colour["chart-edge"]));
    const datasets = series.map(({ label, values }) => ({
      label,
      data: values,
      backgroundColor: fill,
      hoverBackgroundColor: fill,
      borderColor: edge,
      borderWidth: 1,
      borderRadius: 2,
      maxBarThickness: 56,
      categoryPercentage: 0.86,
      barPercentage: 0.88,
    }));
    return {
      type: "bar",
      data: { labels, datasets },
      options: barOptions(apart, series, colour),
      plugins: [valueLabels(apart, colour)],
    };
  }

  function barOptions(apart, series, colour) {
    return {
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { top: 22 } },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: {
          grid: { display: false },
          border: { color: colour["line-strong"] },
          ticks: { autoSkip: false, color: colour["ink-2"], padding: 4, callback: tickLabel(apart) },
        },
        y: { display: false, beginAtZero: true },
      },
      plugins: { legend: { display: false }, tooltip: tooltip(series, colour) },
    };
  }

  function tickLabel(apart) {
    return function label(row) {
      return (this.chart.width < 480 && apart[row]) || this.getLabelForValue(row);
    };
  }

  function tooltip(series, colour) {
    const counted = (count, unit) => (count === 1 ? `1 ${unit}` : `${thousands.format(count)} ${unit}s`);
    return {
      backgroundColor: colour.ink,
      titleColor: colour.paper,
      bodyColor: colour.paper,
      cornerRadius: 6,
      padding: 10,
      displayColors: false,
      callbacks: { label: ({ raw, datasetIndex }) => counted(raw, series[datasetIndex].unit) },
    };
  }

  // Chart.js draws no value labels. The bars need them, because the contrast between fill and paper is low.
  function valueLabels(apart, colour) {
    return {
      id: "valueLabels",
      afterDatasetsDraw(chart) {
        const { ctx } = chart;
        ctx.save();
        ctx.font = `500 13px ${Chart.defaults.font.family}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "bottom";
        chart.getSortedVisibleDatasetMetas().forEach(({ data, index }) => {
          const { data: values } = chart.data.datasets[index];
          data.forEach((bar, row) => {
            ctx.fillStyle = apart[row] ? colour["ink-2"] : colour.ink;
            ctx.fillText(thousands.format(values[row]), bar.x, bar.y - 5);
          });
        });
        ctx.restore();
      },
    };
  }
})();
