import {describe, expect, it} from 'vitest';
import {drillNames, loadDrill} from '../../source/drills/drill-library.js';
import {faultCatalogue} from '../../source/faults/catalogue.js';
import {parseFault} from '../../source/faults/parse-fault.js';
import {isSameWord} from '../../source/text/same-word.js';

/** Spellings of a name that a person may try. */
const spellingsOf = (name: string): readonly string[] => [
	name,
	name.replaceAll('-', ''),
	name.replaceAll('-', '_'),
	name.toUpperCase(),
	...(name === 'blackhole' ? ['black-hole', 'Black_Hole'] : []),
];

describe('a name in another spelling', () => {
	it('is the same word with hyphens, underscores or neither', () => {
		expect(isSameWord('black-hole', 'BlackHole')).toBe(true);
		expect(isSameWord('memory_full', 'memory-full')).toBe(true);
		expect(isSameWord('read-only', 'readonly2')).toBe(false);
	});

	it('names each fault', () => {
		for (const {kind, parameters} of faultCatalogue) {
			const values = parameters.filter(({required}) => required).map((parameter) => String(parameter.default));
			for (const word of spellingsOf(kind)) expect(parseFault([word, ...values]).kind, word).toBe(kind);
		}
	});

	it('names each drill', async () => {
		for (const name of drillNames)
			for (const word of spellingsOf(name)) expect((await loadDrill(word)).name, word).toBe(name);
	});
});
