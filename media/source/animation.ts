import type {Screen} from './cells.js';
import {type Palette, sizeOf, svgRow} from './svg.js';

/** Frames that are shown one after the other, for ever, in one SVG without scripts. Rows that many frames share are kept once. */
export function animatedSvg(frames: readonly Screen[], secondsEach: number, palette: Palette, title: string): string {
	const [first] = frames;
	if (!first) throw new Error('an animation needs at least one frame');
	const {width, height} = sizeOf(first);
	const ids = new Map<string, string>();
	const bodies = frames.map((frame) =>
		frame.rows
			.map((row, y) => {
				const drawn = svgRow(row, y, palette);
				if (drawn === '') return '';
				const id = ids.get(drawn) ?? `r${ids.size.toString(36)}`;
				ids.set(drawn, id);
				return `<use href="#${id}"/>`;
			})
			.join(''),
	);
	const total = frames.length * secondsEach;
	const share = (100 / frames.length).toFixed(4);
	const groups = bodies.map((body, index) => {
		const delay = (index * secondsEach - total).toFixed(2);
		return `<g class="f${index === frames.length - 1 ? ' l' : ''}" style="animation-delay:${delay}s">${body}</g>`;
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
		`<title>${title}</title>`,
		'<style>',
		`.f{visibility:hidden;animation:show ${total}s step-end infinite}`,
		`@keyframes show{0%{visibility:visible}${share}%{visibility:hidden}}`,
		'@media (prefers-reduced-motion:reduce){.f{animation:none}.l{visibility:visible}}',
		'</style>',
		`<rect width="${width}" height="${height}" rx="8" fill="${palette.background}"/>`,
		'<defs>',
		...[...ids].map(([drawn, id]) => `<g id="${id}">${drawn}</g>`),
		'</defs>',
		`<g font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">`,
		...groups,
		'</g>',
		'</svg>',
		'',
	].join('\n');
}
