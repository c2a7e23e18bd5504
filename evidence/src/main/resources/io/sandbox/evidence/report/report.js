
'use strict';
// Sorts and filters the rows that are there, and copies text. It makes no markup of any text.
(function () {
	const $ = id => document.getElementById(id);
	document.documentElement.classList.add('js');
	const table = $('call-table');
	const body = table.tBodies[0];
	const rows = Array.from(body.rows);
	const heads = Array.from(table.tHead.rows[0].cells);
	const fields = ['search', 'risk', 'phase', 'program', 'rare'].map($);
	const [search, risk, phase, program, rare] = fields;
	const paths = new Map(program ? Array.from(program.options).map(each => [each.value, each.text]) : []);
	const words = rows.map(row => [row.textContent, row.dataset.text]
		.concat(row.dataset.programs.split(' ').map(each => paths.get(each) || ''))
		.join(' ').toLowerCase());

	function value(row, column) {
		const text = row.cells[column].dataset.value;
		return text !== '' && isFinite(text) ? Number(text) : text;
	}

	function sort(column, descending) {
		const order = new Map(rows.map((row, i) => [row, i]));
		const sorted = rows.slice().sort((a, b) => {
			const x = value(a, column), y = value(b, column);
			const diff = typeof x === 'number' && typeof y === 'number'
				? x - y : String(x).localeCompare(String(y), 'en');
			return (descending ? -diff : diff) || order.get(a) - order.get(b);
		});
		body.append(...sorted);
		// The worst risk has the lowest number, but is the highest risk.
		const risky = heads[column].textContent === 'Risk';
		heads.forEach((head, i) => {
			if (head.hasAttribute('aria-sort')) {
				head.setAttribute('aria-sort', i !== column ? 'none'
					: descending !== risky ? 'descending' : 'ascending');
			}
		});
		const option = (descending ? '-' : '') + column;
		const known = Array.from($('sort').options).some(each => each.value === option);
		$('sort').value = known ? option : '';
	}

	heads.forEach((head, column) => {
		const button = head.querySelector('button');
		if (button) {
			button.addEventListener('click', () => {
				const risky = button.textContent === 'Risk';
				const first = risky ? 'descending' : 'ascending';
				const again = head.getAttribute('aria-sort') === first;
				sort(column, again);
			});
		}
	});
	$('sort').addEventListener('change', () => {
		const chosen = $('sort').value;
		sort(Math.abs(Number(chosen)), chosen.startsWith('-'));
	});

	function filter() {
		const wanted = search.value.trim().toLowerCase().split(/\s+/);
		let shown = 0;
		rows.forEach((row, i) => {
			const data = row.dataset;
			const fits = wanted.every(word => words[i].includes(word))
				&& (!risk.value || data.risk === risk.value)
				&& (!phase.value || data.phase.split(' ').includes(phase.value))
				&& (!program || !program.value || data.programs.split(' ').includes(program.value))
				&& (!rare || !rare.checked || data.runs === '1');
			row.hidden = !fits;
			shown += fits ? 1 : 0;
		});
		$('shown').textContent = shown + ' of ' + rows.length + ' calls';
		$('none').hidden = shown > 0;
	}

	fields.forEach(field => field && field.addEventListener('input', filter));
	$('filters').addEventListener('submit', event => event.preventDefault());
	$('filters').addEventListener('reset', () => setTimeout(() => {
		filter();
		sort(1, false);
	}));
	// A browser that goes back to a page fills in what was there.
	addEventListener('pageshow', filter);
	filter();

	function copyByHand(pre) {
		getSelection().selectAllChildren(pre);
		try {
			return document.execCommand('copy');
		} catch (e) {
			return false;
		}
	}

	document.querySelectorAll('.copy').forEach(button => {
		const pre = button.closest('details').querySelector('pre');
		const told = button.parentNode.querySelector('[role=status]');
		const tell = done => {
			told.textContent = done ? 'Copied' : 'Selected: copy it with Ctrl+C';
		};
		button.addEventListener('click', () => {
			const byHand = () => tell(copyByHand(pre));
			if (navigator.clipboard) {
				navigator.clipboard.writeText(pre.textContent).then(() => tell(true), byHand);
			} else {
				byHand();
			}
		});
	});

	// On paper, nothing can be opened.
	let opened = [];
	addEventListener('beforeprint', () => {
		opened = Array.from(document.querySelectorAll('details.program:not([open])'));
		opened.forEach(each => { each.open = true; });
	});
	addEventListener('afterprint', () => opened.forEach(each => { each.open = false; }));
})();
