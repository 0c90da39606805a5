import {describe, expect, it} from 'vitest';
import {WireFigures} from '../../../source/drills/wire/wire-figures.js';
import {WireRecord} from '../../../source/drills/wire/wire-record.js';
import {activate} from '../../../source/faults/active-fault.js';
import {encodeRequest} from '../../../source/resp/encode.js';
import {keyPrinter} from '../../../source/tap/key-text.js';
import {TappedLinks} from '../../../source/tap/tapped-links.js';
import {blockLoop} from '../../support/block-loop.js';

type Link = ReturnType<TappedLinks['open']>;

/** Sends a command on a link, and gets the reply, if there is one. */
function send(link: Link, command: string, reply?: string): void {
	link.request(Buffer.from(encodeRequest(command.split(' '))), performance.now());
	if (reply !== undefined) link.reply(Buffer.from(reply), performance.now());
}

const reset = {by: 'proxy', isReset: true} as const;

function begin(): {readonly links: TappedLinks; readonly record: WireRecord; readonly link: Link} {
	const links = new TappedLinks();
	const link = links.open();
	send(link, 'CLIENT SETNAME web', '+OK\r\n');
	const record = new WireRecord(links);
	record.begin();
	return {links, record, link};
}

describe('the record of an application at the wire', () => {
	it('has its connections, its lost commands and its return', () => {
		const {links, record, link} = begin();
		send(link, 'GET a', '$1\r\n1\r\n');
		record.setFaultActive(true);
		send(link, 'GET a');
		send(link, 'PING');
		link.closed(reset);
		const attempt = links.open();
		send(attempt, 'INFO');
		attempt.closed(reset);
		record.setFaultActive(false);
		expect(record.report()).toMatchObject({recoveryMs: null, notReturned: 1});
		const successor = links.open();
		send(successor, 'INFO', '+fine\r\n');
		expect(record.report()?.recoveryMs).toBeNull();
		send(successor, 'GET b', '-LOADING Redis is loading\r\n');
		expect(record.report()?.recoveryMs).toBeNull();
		send(successor, 'GET b', '$-1\r\n');
		send(successor, 'GET a', '$1\r\n1\r\n');
		send(successor, 'BLPOP jobs 0');
		record.end();
		send(successor, 'SET a 1', '+OK\r\n');
		expect(record.report()).toMatchObject({
			connections: {before: 1, during: {fewest: 0, most: 1}, after: 1, opened: 2, broken: 1, unreadable: 0},
			reconnects: {attempts: 2, failed: 1, perSecond: 2, unseenMs: 0},
			notReturned: 0,
			commands: 5,
			lostCommands: 1,
			sentAgain: {afterLoss: 1, afterError: 1},
			errors: {LOADING: 1},
			recoveryMs: expect.any(Number),
		});
	});

	it('misses no connection whose successor came before its end', () => {
		const {links, record, link} = begin();
		record.setFaultActive(true);
		const successor = links.open();
		send(successor, 'PING', '+PONG\r\n');
		link.closed(reset);
		record.setFaultActive(false);
		expect(record.report()).toMatchObject({connections: {broken: 1}, notReturned: 0});
		successor.closed(reset);
		expect(record.report()).toMatchObject({connections: {broken: 2}, notReturned: 1});
	});

	it('counts no connection as broken that was opened in an outage and never worked', () => {
		const {links, record, link} = begin();
		record.setFaultActive(true);
		const [early, idle] = [links.open(), links.open()];
		send(early, 'PING');
		early.closed(reset);
		idle.closed(reset);
		expect(record.report()).toMatchObject({connections: {before: 1, broken: 0}});
		link.closed(reset);
		expect(record.report()).toMatchObject({connections: {broken: 1}});
	});

	it('lists the longest wait of each command, with those that still have no answer', async () => {
		const {links, record, link} = begin();
		send(link, 'GET a', '$-1\r\n');
		send(link, 'SET a 1', '+OK\r\n');
		const other = links.open();
		send(other, 'GET a');
		await new Promise((resolve) => setTimeout(resolve, 20));
		const {slowest = [], longestWaitMs} = record.report() ?? {};
		expect(slowest[0]).toMatchObject({command: 'GET', connection: '', end: 'waiting'});
		expect(slowest[0]?.ms).toBe(longestWaitMs);
		expect(
			slowest
				.slice(1)
				.map(({command, connection, end}) => `${connection} ${command} ${end}`)
				.sort(),
		).toEqual(['web GET answered', 'web SET answered']);
		other.closed(reset);
		expect(record.report()?.slowest[0]).toMatchObject({command: 'GET', end: 'lost'});
	});

	it('says for how long the port was closed, and which connections it could not read', () => {
		const {links} = begin();
		const record = new WireFigures(links);
		record.begin();
		links.open().request(Buffer.from([22, 3, 1, 2, 0, 1, 0]), performance.now());
		record.onFaults(1000, [activate({kind: 'refuse'}, undefined)]);
		record.onFaults(1600, []);
		expect(record.report()).toMatchObject({connections: {unreadable: 1, during: null}, reconnects: {unseenMs: 600}});
	});

	it('is there for an application that has lost its last connection', () => {
		const {record, link} = begin();
		record.setFaultActive(true);
		link.closed(reset);
		expect(record.report()).toMatchObject({connections: {before: 1, after: 0, opened: 0, broken: 1}, notReturned: 1});
	});

	it('is absent without connections', () => {
		const record = new WireRecord(new TappedLinks());
		record.begin();
		expect(record.report()).toBeUndefined();
	});

	it('has findings, but not those that the traffic of a drill makes by itself', () => {
		const {record, link} = begin();
		for (let read = 0; read < 1500; read++) send(link, 'GET page', '$-1\r\n');
		expect(record.findings()).toEqual([]);
		send(link, 'KEYS *', '*0\r\n');
		expect(record.findings()).toEqual([expect.objectContaining({id: 'blocking-command'})]);
	});

	it.for([
		[false, 'carts:*'],
		[true, expect.stringMatching(/^#[\da-f]{8}:\*$/)],
	] as const)('names keys in findings, or hides them: %s', ([hide, name]) => {
		const {links, link} = begin();
		const record = new WireRecord(links, keyPrinter({hide}));
		record.begin();
		const big = `*1\r\n$120000\r\n${'x'.repeat(120_000)}\r\n`;
		for (let user = 0; user < 3; user++) send(link, `SMEMBERS carts:${user}`, big);
		expect(record.findings()).toEqual([expect.objectContaining({id: 'blocking-command', keys: [name]})]);
	});

	it.for(['during it', 'once it is lifted'])(
		'does not blame scripts for a fault of the server: answered %s',
		(when) => {
			const {links, record} = begin();
			const callers = Array.from({length: 3}, () => links.open());
			record.setFaultActive(true);
			for (const caller of callers)
				caller.request(Buffer.from(encodeRequest(['EVAL', 'return 1', '0'])), performance.now());
			blockLoop(60);
			if (when !== 'during it') record.setFaultActive(false);
			for (const caller of callers) caller.reply(Buffer.from(':1\r\n'), performance.now());
			expect(record.findings()).toEqual([]);
		},
	);
});
