import {expect, it} from 'vitest';
import {faultCatalogue} from '../../../source/faults/catalogue.js';
import {parseFault} from '../../../source/faults/parse-fault.js';
import {faultWords, refusalOf} from '../../../source/ui/state/faults/outage-menu.js';

const possible = (target: Parameters<typeof refusalOf>[1]) =>
	faultCatalogue.filter((info) => refusalOf(info, target) === undefined).map(({kind}) => kind);

it('the outage menu offers the faults that are possible on a server', () => {
	const all = faultCatalogue.map(({kind}) => kind);
	const onServer = faultCatalogue.filter(({where}) => where === 'server').map(({kind}) => kind);
	const without = (...kinds: string[]) => all.filter((kind) => !kinds.includes(kind));
	expect(possible({kind: 'private', topology: undefined})).toEqual(without('failover', 'lag', 'split', 'reshard'));
	expect(possible({kind: 'external', topology: undefined})).toEqual(without(...onServer));
	expect(possible({kind: 'private', topology: 'cluster'})).toEqual(without('split'));
	expect(possible({kind: 'private', topology: 'sentinel'})).toEqual(without('reshard'));
	const clockObstacle = 'start the program with --faketime';
	expect(possible({kind: 'private', topology: 'cluster', clockObstacle})).toEqual(without('split', 'clock'));
});

it('the outage menu shows sizes, times and rates with their units, as they can be typed', () => {
	const shown = new Map(faultCatalogue.map((info) => [info.kind, faultWords(info)]));
	expect(shown.get('limit')).toEqual(['limit', '100kb']);
	expect(shown.get('slice')).toEqual(['slice', '16b']);
	expect(shown.get('latency')).toEqual(['latency', '100ms']);
	expect(shown.get('bandwidth')).toEqual(['bandwidth', '100kb/s']);
	expect(parseFault(['limit', '100kb'])).toEqual({kind: 'limit', bytes: 100_000});
	expect(parseFault(['slice', '16b'])).toEqual({kind: 'slice', bytes: 16});
});
