/** One reply, as the bytes it came in (latin1) and as the frames within it. */
export type Frame = {readonly text: string; readonly head: string; readonly items: readonly Frame[]};

const aggregates = '*~>%';

/** The first whole frame from `start` on, and where it ends; undefined while it is incomplete. */
export function readFrame(text: string, start = 0): {readonly frame: Frame; readonly end: number} | undefined {
	const lineEnd = text.indexOf('\r\n', start);
	if (lineEnd < 0) return undefined;
	const head = text.slice(start, lineEnd + 2);
	const sign = head[0] ?? '';
	const count = Number(head.slice(1));
	let end = lineEnd + 2;
	const items: Frame[] = [];
	if ((sign === '$' || sign === '=') && count >= 0) {
		end += count + 2;
		if (end > text.length) return undefined;
	} else if (aggregates.includes(sign)) {
		for (let item = 0; item < (sign === '%' ? count * 2 : count); item++) {
			const found = readFrame(text, end);
			if (!found) return undefined;
			items.push(found.frame);
			({end} = found);
		}
	}
	return {frame: {text: text.slice(start, end), head, items}, end};
}

/** The same for every order in which a server may list the items, at any depth. */
export function unordered(frame: Frame): string {
	if (frame.items.length === 0) return frame.text;
	const items = frame.items.map(unordered);
	if (!frame.head.startsWith('%')) return frame.head + items.sort().join('');
	const pairs = items.filter((_, index) => index % 2 === 0).map((key, index) => key + (items[index * 2 + 1] ?? ''));
	return frame.head + pairs.sort().join('');
}

/** What is left when contents do not matter: the kinds, and whether an aggregate has items. */
export function shape(frame: Frame): string {
	const sign = frame.head[0] ?? '';
	if (!aggregates.includes(sign)) return sign;
	const kinds = new Set(frame.items.map(shape));
	return `${sign}(${[...kinds].sort().join('|')})`;
}
