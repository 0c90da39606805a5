import {afterEach, expect, test, vi} from 'vitest';
import {SlowLogWatch} from '../../source/engine/session/server/slow-log-watch.js';
import {inspectorName} from '../../source/inspect/server/clients/own-clients.js';
import {Refusals} from '../../source/inspect/server/info/refusals.js';

afterEach(() => {
	vi.useRealTimers();
});

const entry = (id: number, client: string) => [id, 1_700_000_000, 12_000, ['SCAN', '0'], '10.0.0.7:4711', client];

test('a command of this dashboard is told once, however long it stays in the log, and shown to nobody', async () => {
	vi.useFakeTimers({toFake: ['performance']});
	const log = [entry(6, inspectorName), entry(5, 'shop')];
	let told = 0;
	let asked = 0;
	const watch = new SlowLogWatch({
		sender: {
			async send() {
				asked++;
				return log;
			},
		},
		refusals: new Refusals(),
		async onOwn() {
			told++;
		},
	});
	const lookLater = async () => {
		vi.advanceTimersByTime(6000);
		return (await watch.read(0)).map(({id}) => id);
	};
	expect(await lookLater()).toEqual([5]);
	expect(await watch.read(0)).toHaveLength(1);
	expect([asked, told]).toEqual([1, 1]);
	expect(await lookLater()).toEqual([5]);
	expect([asked, told]).toEqual([2, 1]);
	log.unshift(entry(7, inspectorName));
	expect(await lookLater()).toEqual([5]);
	expect(told).toBe(2);
});
