import type {ListState} from './ui-state.js';

/** Where the selection goes with a key; undefined when the key moves nothing. */
export function moveSelection(name: string, selected: number, count: number, page: number): number | undefined {
	const last = Math.max(0, count - 1);
	const go = (to: number) => Math.min(last, Math.max(0, to));
	switch (name) {
		case 'up':
		case 'k':
			return go(selected - 1);
		case 'down':
		case 'j':
			return go(selected + 1);
		case 'pageup':
		case 'ctrl+b':
			return go(selected - Math.max(1, page));
		case 'pagedown':
		case 'ctrl+f':
			return go(selected + Math.max(1, page));
		case 'home':
		case 'g':
			return 0;
		case 'end':
		case 'G':
			return last;
		default:
			return undefined;
	}
}

/** The first row to show so that the selected one is among `rows`, moving as little as can be. */
export function topFor(selected: number, top: number, count: number, rows: number): number {
	const highest = Math.max(0, count - rows);
	const wanted = selected < top ? selected : selected >= top + rows ? selected - rows + 1 : top;
	return Math.min(highest, Math.max(0, wanted));
}

/** A list after a key: selection and first row together; undefined when the key moves nothing. */
export function moveList(name: string, list: ListState, count: number, rows: number): ListState | undefined {
	const selected = moveSelection(name, list.selected, count, rows);
	return selected === undefined ? undefined : {selected, top: topFor(selected, list.top, count, rows)};
}
