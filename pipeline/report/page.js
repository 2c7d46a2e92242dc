/* Tables marked data-sort can be sorted by a click on a header and filtered by what is typed.
 * Without scripts the page says the same, in the order of the codes. */
"use strict";
document.querySelectorAll("table[data-sort]").forEach(function (table) {
	const body = table.tBodies[0];
	const heads = table.tHead.rows[0].cells;
	const key = function (row, i) {
		const value = row.cells[i].dataset.v;
		return value === undefined ? row.cells[i].textContent : value === "" ? NaN : Number(value);
	};
	const compare = function (a, b, up) {
		if (typeof a === "string")
			return (a < b ? -1 : a > b ? 1 : 0) * up;
		if (isNaN(a) || isNaN(b))
			return isNaN(a) - isNaN(b); /* what has no value comes last, either way */
		return (a - b) * up;
	};
	Array.from(heads).forEach(function (head, i) {
		const button = document.createElement("button");
		button.type = "button";
		button.append(...head.childNodes);
		head.append(button);
		button.addEventListener("click", function () {
			const up = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
			for (const other of heads)
				other.removeAttribute("aria-sort");
			head.setAttribute("aria-sort", up > 0 ? "ascending" : "descending");
			Array.from(body.rows)
				.map(function (row, at) { return { row: row, key: key(row, i), at: at }; })
				.sort(function (a, b) { return compare(a.key, b.key, up) || a.at - b.at; })
				.forEach(function (item) { body.append(item.row); });
		});
	});
	const tools = document.getElementById(table.dataset.sort);
	const input = document.createElement("input");
	const shown = document.createElement("span");
	input.type = "search";
	input.setAttribute("aria-label", "filter");
	input.placeholder = "筛选 / filter";
	shown.className = "soft";
	const filter = function () {
		const wanted = input.value.trim().toLowerCase();
		let n = 0;
		for (const row of body.rows) {
			row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
			n += !row.hidden;
		}
		shown.textContent = n + " / " + body.rows.length;
	};
	input.addEventListener("input", filter);
	tools.append(input, shown);
	filter();
});
