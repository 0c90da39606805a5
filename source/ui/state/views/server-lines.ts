import type {ServerSnapshot} from '../../../engine/protocol.js';
import {type Filter, hasWords, wordsOfLine} from '../filter.js';

export type ServerLine =
	| {readonly kind: 'section'; readonly name: string}
	| {readonly kind: 'field'; readonly section: string; readonly name: string; readonly value: string};

/** The lines of INFO that pass a filter, by section. */
export function serverLines(server: ServerSnapshot | undefined, filter: Filter): readonly ServerLine[] {
	const words = wordsOfLine(filter.line);
	return Object.entries(server?.info ?? {}).flatMap(([section, fields]): ServerLine[] => {
		const found = Object.entries(fields).filter(([name, value]) => hasWords(`${section} ${name} ${value}`, words));
		if (found.length === 0) return [];
		return [
			{kind: 'section', name: section},
			...found.map(([name, value]): ServerLine => ({kind: 'field', section, name, value})),
		];
	});
}
