import {afterEach, expect, it, vi} from 'vitest';
import {OutageWatch} from '../../source/engine/session/application/outage-watch.js';
import {TappedLinks} from '../../source/tap/tapped-links.js';

afterEach(() => void vi.useRealTimers());

it('gives an application its time to recover, whatever this machine sleeps or its clock is set to', () => {
	vi.useFakeTimers({toFake: ['Date', 'performance']});
	const lines: [text: string, level?: string][] = [];
	const update = (text: string, level?: string): void => void lines.push(level === undefined ? [text] : [text, level]);
	const links = new TappedLinks();
	const get = Buffer.from('*2\r\n$3\r\nGET\r\n$1\r\na\r\n');
	const used = () => {
		const link = links.open();
		link.request(get, performance.now());
		link.reply(Buffer.from('$-1\r\n'), performance.now());
		return link;
	};
	const link = used();
	const watch = new OutageWatch(links, {add: () => ({update}), open: () => ({update})});
	watch.expectFault();
	watch.setFaults([{id: 1, fault: {kind: 'reset'}, since: 0, until: undefined, label: 'reset'}]);
	link.closed({by: 'proxy', isReset: true});
	watch.setFaults([]);
	for (let tick = 0; tick < 3; tick++) {
		vi.advanceTimersByTime(60_000);
		watch.tick();
	}
	expect(watch.snapshot()).toMatchObject({isOver: false});
	used();
	for (let tick = 0; tick < 3; tick++) {
		vi.advanceTimersByTime(1000);
		watch.tick();
	}
	expect(watch.snapshot()).toMatchObject({isOver: true, wire: {notReturned: 0}});
	expect(lines.at(-1)?.[1]).toBe('info');
});

it('says that one has not recovered after half a minute', () => {
	vi.useFakeTimers({toFake: ['Date', 'performance']});
	const links = new TappedLinks();
	const link = links.open();
	link.request(Buffer.from('PING\r\n'), performance.now());
	link.reply(Buffer.from('+PONG\r\n'), performance.now());
	const levels: (string | undefined)[] = [];
	const update = (_text: string, level?: string): void => void levels.push(level);
	const watch = new OutageWatch(links, {add: () => ({update}), open: () => ({update})});
	watch.expectFault();
	watch.setFaults([{id: 1, fault: {kind: 'reset'}, since: 0, until: undefined, label: 'reset'}]);
	link.closed({by: 'proxy', isReset: true});
	watch.setFaults([]);
	for (let tick = 0; tick < 40; tick++) {
		vi.advanceTimersByTime(1000);
		watch.tick();
	}
	expect(watch.snapshot()).toMatchObject({isOver: true, wire: {notReturned: 1}});
	expect(levels.at(-1)).toBe('warn');
});
