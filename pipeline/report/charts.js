/* The trends, drawn by uPlot from the table of the runs' values, which says the same without
 * scripts. All charts share one cursor: the caption tells the value of the run it points at. */
"use strict";
(function () {
	const runs = Array.from(document.getElementById("runs").tBodies[0].rows);
	const day = function (i) { return runs[i].cells[0].textContent.slice(5); }; /* 03-31 */
	const color = function (name) { return getComputedStyle(document.documentElement).getPropertyValue(name); };
	const units = { /* `least`: a range never so narrow that noise looks like a cliff */
		share: { least: 0.02, most: 1, text: function (v) { return +(100 * v).toFixed(2) + "%"; } },
		mean: { least: 2, most: Infinity, text: function (v) { return +v.toFixed(1) + ""; } },
		count: { least: 10, most: Infinity, text: function (v) {
			return v < 10000 ? v + "" : v < 1e6 ? +(v / 1e3).toFixed(1) + "k" : +(v / 1e6).toFixed(2) + "M";
		} },
	};
	const axis = function (more) {
		return Object.assign({
			stroke: color("--soft"), font: "11px system-ui, sans-serif", gap: 3,
			grid: { stroke: color("--line"), width: 1 }, ticks: { show: false },
		}, more);
	};
	const size = function (figure) { return { width: figure.clientWidth, height: 124 }; };
	const charts = Array.from(document.querySelectorAll("figure[data-column]")).map(function (figure) {
		const unit = units[figure.dataset.unit];
		const cells = runs.map(function (row) { return row.cells[figure.dataset.column]; });
		const values = cells.map(function (cell) { return cell.dataset.v === "" ? null : Number(cell.dataset.v); });
		const last = values.reduce(function (at, v, i) { return v === null ? at : i; }, 0);
		const caption = figure.querySelector("b");
		const latest = caption.textContent;
		const range = function (u, low, high) {
			const more = Math.max(0, unit.least - (high - low)) / 2 + (high - low) / 10;
			return [Math.max(0, low - more), Math.min(unit.most, high + more)];
		};
		const chart = new uPlot(Object.assign(size(figure), {
			scales: { x: { time: false }, y: { range: range } },
			series: [{}, {
				stroke: color("--mark"), width: 2,
				points: { show: true, size: 7, fill: color("--mark"), filter: function () { return [last]; } },
			}],
			axes: [
				axis({ size: 24, gap: 8, space: 44, incrs: [1, 2, 5, 10, 20], values: function (u, at) {
					return at.map(function (i) { return runs[i] ? day(i) : ""; });
				} }),
				axis({ size: 44, space: 26, values: function (u, at) { return at.map(unit.text); } }),
			],
			padding: [8, 18, 0, 0],
			legend: { show: false },
			cursor: { y: false, drag: { x: false, y: false }, sync: { key: "runs" } },
			hooks: { setCursor: [function (u) {
				const i = u.cursor.idx;
				caption.textContent = i == null ? latest : day(i) + " " + cells[i].textContent;
			}] },
		}), [values.map(function (v, i) { return i; }), values], figure);
		return { figure: figure, chart: chart };
	});
	addEventListener("resize", function () {
		for (const c of charts)
			c.chart.setSize(size(c.figure));
	});
})();
