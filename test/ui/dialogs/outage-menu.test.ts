import {expect, it} from 'vitest';
import {faultCatalogue} from '../../../source/faults/catalogue.js';
import {parseFault} from '../../../source/faults/parse-fault.js';
import {faultWords, refusalOf} from '../../../source/ui/state/faults/outage-menu.js';
import {openApp} from '../../support/open-app.js';

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

it('the outage menu shows each quantity with its unit, as it can be typed', () => {
	const words = faultCatalogue.map((info) => faultWords(info).join(' '));
	expect(words).toEqual(expect.arrayContaining(['latency 100ms', 'bandwidth 100kb/s', 'slice 16b', 'limit 100kb']));
	for (const info of faultCatalogue) expect(parseFault([...faultWords(info)])).toMatchObject({kind: info.kind});
});

it('the outage menu tells on a narrow terminal, too, that it has more faults than it shows', async () => {
	const {type} = openApp({size: {columns: 60, rows: 20}});
	await type('o', /Simulate an outage ━+ 1 of 20 ━/);
});
