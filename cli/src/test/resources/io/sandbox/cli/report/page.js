// What tests ask about the page.
const all = selector => Array.from(document.querySelectorAll(selector));
const shown = () => all('#call-table tbody tr').filter(row => row.checkVisibility());
window.seen = {
	all,
	shown,
	column: index => shown().map(row => row.cells[index].innerText),
	number: id => document.getElementById('number-' + id).dataset.value,
};
