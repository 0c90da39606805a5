import {at, type Inks, label, rule, sheet} from './paper.js';
import type {FigureTable} from './read-table.js';

const width = 760;
const left = 360;
const right = 70;
const top = 64;
const barHeight = 14;
const barStep = 20;
const groupGap = 14;

/**
 * Bars from 1, where both are equal, to each ratio: to the right where we are faster, to the left where we are slower. The
 * scale is logarithmic, so that twice as fast is as far from 1 as half as fast.
 */
export function ratioChart(title: string, {columns, rows}: FigureTable, inks: Inks): string {
	const values = rows.flatMap((row) => row.values).filter((value) => value !== undefined);
	const least = Math.floor(Math.min(0, ...values.map(Math.log2)));
	const most = Math.ceil(Math.max(0, ...values.map(Math.log2)));
	const xOf = (ratio: number) => left + ((Math.log2(ratio) - least) / (most - least)) * (width - left - right);
	const bars: string[] = [];
	let y = top;
	for (const {name, values: ratios} of rows) {
		bars.push(label({x: 16, y: y + 11, text: name, fill: inks.text}));
		for (const [index, ratio] of ratios.entries()) {
			if (ratio === undefined) continue;
			const [from, to] = [xOf(1), xOf(ratio)];
			const fill = ratio < 1 ? inks.bad : inks.good;
			bars.push(
				label({x: left - 12, y: y + 11, text: columns[index] ?? '', fill: inks.dim, anchor: 'end'}),
				`<rect x="${at(Math.min(from, to))}" y="${at(y)}" width="${at(Math.max(1, Math.abs(to - from)))}" height="${barHeight}" fill="${fill}"/>`,
				label({x: Math.max(from, to) + 6, y: y + 11.5, text: `${ratio.toFixed(2)} ×`, fill: inks.text}),
			);
			y += barStep;
		}
		y += groupGap;
	}
	const bottom = y - groupGap;
	const marks: string[] = [];
	for (let power = least; power <= most; power++) {
		const x = xOf(2 ** power);
		marks.push(
			rule({x1: x, y1: top - 8, x2: x, y2: bottom}, power === 0 ? inks.text : inks.dim, power === 0 ? 1.5 : 0.3),
			label({x, y: bottom + 18, text: `${2 ** power} ×`, fill: inks.dim, anchor: 'middle'}),
		);
	}
	const directions = [
		...(least < 0 ? [label({x: xOf(1) - 10, y: top - 14, text: 'slower', fill: inks.dim, anchor: 'end'})] : []),
		...(most > 0 ? [label({x: xOf(1) + 10, y: top - 14, text: 'faster', fill: inks.dim})] : []),
	];
	return sheet({width, height: bottom + 32}, title, inks, [
		label({x: 16, y: 26, text: title, fill: inks.text, isBold: true}),
		...directions,
		...marks,
		...bars,
	]);
}
