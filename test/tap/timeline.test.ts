import {describe, expect, it} from 'vitest';
import {encodeRequest} from '../../source/resp/encode.js';
import {TappedLinks} from '../../source/tap/tapped-links.js';
import {TrafficTimeline} from '../../source/tap/timeline/traffic-timeline.js';

/** A timeline of an application whose seconds pass as a test wants. */
function begin() {
	const links = new TappedLinks();
	let now = performance.now();
	const timeline = new TrafficTimeline(now);
	links.observe(timeline);
	return {
		links,
		timeline,
		second() {
			now += 1000;
			timeline.onTick(now, links.openConnections());
		},
	};
}

describe('the time line of the traffic', () => {
	it('has the counts of each second, and the connections at its end', () => {
		const {links, timeline, second} = begin();
		expect(timeline.lastSecond).toBeUndefined();
		const link = links.open('10.0.0.7:50000');
		const send = (command: string, reply?: string) => {
			link.request(Buffer.from(encodeRequest(command.split(' '))), performance.now());
			if (reply !== undefined) link.reply(Buffer.from(reply), performance.now());
		};
		send('GET a', '$1\r\n1\r\n');
		send('GET b', '$-1\r\n');
		send('SET b 1', '+OK\r\n');
		send('INCR a', '-WRONGTYPE no\r\n');
		send('GET c');
		second();
		expect(timeline.lastSecond).toMatchObject({
			seconds: expect.closeTo(1, 1),
			commands: 4,
			errors: 1,
			lost: 0,
			hits: 1,
			misses: 1,
			writes: 1,
			opened: 1,
			open: 1,
			busy: 1,
			p50Ms: expect.any(Number),
		});
		expect(links.openConnections()[0]).toMatchObject({address: '10.0.0.7:50000', deepest: 1, waiting: 1});
		link.closed({by: 'server', isReset: true});
		second();
		expect(timeline.lastSecond).toMatchObject({commands: 1, lost: 1, open: 0, opened: 0, p50Ms: null, maxMs: null});
		expect(timeline.course().slots).toHaveLength(2);
	});

	it('keeps the whole course, however long it is', () => {
		const {timeline, second} = begin();
		const started = performance.now();
		for (let count = 0; count < 5000; count++) {
			timeline.onConnection({type: 'opened', connection: count, at: started});
			second();
		}
		const {slots} = timeline.course();
		expect(slots.length).toBeGreaterThan(250);
		expect(slots.length).toBeLessThanOrEqual(600);
		const sum = (field: 'opened' | 'seconds') => slots.reduce((total, slot) => total + slot[field], 0);
		expect(sum('opened')).toBe(5000);
		expect(sum('seconds')).toBeCloseTo(5000, 0);
		const lengths = slots.slice(0, -1).map(({seconds}) => Math.round(seconds));
		expect(Math.max(...lengths)).toBeLessThanOrEqual(16);
		expect(new Set(lengths.slice(1)).size).toBe(1);
	});
});
