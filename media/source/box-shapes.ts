/* Lines and blocks are drawn as shapes, so that they join whatever font the viewer has. */

/** Stroke of each arm: up, right, down, left; 0 none, 1 light, 2 heavy. */
const arms: Readonly<Record<string, readonly [number, number, number, number]>> = {
	'─': [0, 1, 0, 1],
	'│': [1, 0, 1, 0],
	'└': [1, 1, 0, 0],
	'┤': [1, 0, 1, 1],
	'┬': [0, 1, 1, 1],
	'┼': [1, 1, 1, 1],
	'━': [0, 2, 0, 2],
	'┃': [2, 0, 2, 0],
	'┏': [0, 2, 2, 0],
	'┓': [0, 0, 2, 2],
	'┗': [2, 2, 0, 0],
	'┛': [2, 0, 0, 2],
};

/** Where a rounded corner begins and ends: two of the four sides. */
const corners: Readonly<Record<string, readonly ['up' | 'down', 'left' | 'right']>> = {
	'╭': ['down', 'right'],
	'╮': ['down', 'left'],
	'╰': ['up', 'right'],
	'╯': ['up', 'left'],
};

/** x, y, width and height of a filled part, as shares of the cell. */
const blocks: Readonly<Record<string, readonly [number, number, number, number]>> = {
	'█': [0, 0, 1, 1],
	'▀': [0, 0, 1, 1 / 2],
	'▄': [0, 1 / 2, 1, 1 / 2],
	'▘': [0, 0, 1 / 2, 1 / 2],
};
const lower = '▁▂▃▄▅▆▇';
const left = '▏▎▍▌▋▊▉';

function blockOf(char: string): readonly [number, number, number, number] | undefined {
	const height = (lower.indexOf(char) + 1) / 8;
	if (height > 0) return [0, 1 - height, 1, height];
	const width = (left.indexOf(char) + 1) / 8;
	if (width > 0) return [0, 0, width, 1];
	return blocks[char];
}

/** True if several of it in a row are the same as one that is wider. */
export const stretches = (char: string): boolean => '─━█▀▄░'.includes(char) || lower.includes(char);

const round = (value: number) => Math.round(value * 100) / 100;

/** The cell at `x`, `y` as SVG; undefined when the character is to be written as text. */
export function boxShape(
	char: string,
	x: number,
	y: number,
	width: number,
	height: number,
	colour: string,
): string | undefined {
	const block = blockOf(char);
	if (block) {
		const [bx, by, bw, bh] = block;
		return `<rect x="${round(x + bx * width)}" y="${round(y + by * height)}" width="${round(bw * width)}" height="${round(bh * height)}" fill="${colour}"/>`;
	}
	if (char === '░')
		return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}" opacity="0.22"/>`;
	const cx = x + width / 2;
	const cy = y + height / 2;
	const stroke = (path: string, weight: number, dash = '') =>
		`<path d="${path}" stroke="${colour}" stroke-width="${weight === 2 ? 2.2 : 1.1}" fill="none"${dash}/>`;
	const corner = corners[char];
	if (corner) {
		const [vertical, horizontal] = corner;
		const endY = vertical === 'up' ? y : y + height;
		const endX = horizontal === 'left' ? x : x + width;
		return stroke(`M${round(cx)} ${round(endY)}Q${round(cx)} ${round(cy)} ${round(endX)} ${round(cy)}`, 1);
	}
	if (char === '╌')
		return stroke(`M${round(x)} ${round(cy)}H${round(x + width)}`, 1, ` stroke-dasharray="${round(width / 4)}"`);
	if (char === '┊')
		return stroke(`M${round(cx)} ${round(y)}V${round(y + height)}`, 1, ` stroke-dasharray="${round(height / 8)}"`);
	const arm = arms[char];
	if (!arm) return undefined;
	const [up, right, down, toLeft] = arm;
	const heavy = Math.max(up, right, down, toLeft);
	const parts: string[] = [];
	if (up > 0) parts.push(`M${round(cx)} ${round(y)}V${round(cy)}`);
	if (down > 0) parts.push(`M${round(cx)} ${round(cy)}V${round(y + height)}`);
	if (toLeft > 0) parts.push(`M${round(x)} ${round(cy)}H${round(cx)}`);
	if (right > 0) parts.push(`M${round(cx)} ${round(cy)}H${round(x + width)}`);
	return stroke(parts.join(''), heavy);
}
