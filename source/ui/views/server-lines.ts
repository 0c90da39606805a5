import type {EngineSnapshot} from '../../engine/protocol.js';
import {type Line, textOf} from '../input/line-editor.js';

export type ServerLine =
	| {readonly kind: 'section'; readonly name: string}
	| {readonly kind: 'field'; readonly section: string; readonly name: string; readonly value: string};

/** INFO as lines, only fields with all the words looked for. */
export function serverLines(snapshot: EngineSnapshot | undefined, filter: Line): readonly ServerLine[] {
	const words = textOf(filter).toLowerCase().split(/\s+/u).filter(Boolean);
	return Object.entries(snapshot?.server?.info ?? {}).flatMap(([section, fields]): ServerLine[] => {
		const found = Object.entries(fields).filter(([name, value]) => {
			const all = `${section} ${name} ${value}`.toLowerCase();
			return words.every((word) => all.includes(word));
		});
		if (found.length === 0) return [];
		return [
			{kind: 'section', name: section},
			...found.map(([name, value]): ServerLine => ({kind: 'field', section, name, value})),
		];
	});
}
