// The texts of the page whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3).
function channels(color) {
	return color.match(/[\d.]+/g).map(Number);
}
function luminance([r, g, b]) {
	const part = c => c / 255 <= 0.04045 ? c / 255 / 12.92 : Math.pow((c / 255 + 0.055) / 1.055, 2.4);
	return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}
function behind(element) {
	for (let each = element; each; each = each.parentElement) {
		const color = channels(getComputedStyle(each).backgroundColor);
		if (color.length === 3 || color[3] === 1) {
			return color;
		}
	}
	return [255, 255, 255];
}
const poor = [];
let checked = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
	const element = walker.currentNode.parentElement;
	const drawn = element.checkVisibility() && !['SCRIPT', 'title'].includes(element.tagName);
	if (!drawn || !walker.currentNode.data.trim()) {
		continue;
	}
	const style = getComputedStyle(element);
	const front = channels(element instanceof SVGElement ? style.fill : style.color);
	const [a, b] = [luminance(front), luminance(behind(element))];
	const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	checked++;
	if (ratio < 4.5) {
		poor.push(ratio.toFixed(2) + ' ' + element.tagName + ' ' + walker.currentNode.data.slice(0, 40));
	}
}
return {checked: checked, poor: poor};
