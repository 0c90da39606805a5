import {expect, it} from 'vitest';
import {faultCatalogue} from '../../../source/faults/catalogue.js';
import {refusalOf} from '../../../source/ui/state/faults/outage-menu.js';

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
