import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {expect, it} from 'vitest';
import {maxFindingKeys} from '../../../source/tap/findings/finding.js';
import {maxSampledKeys} from '../../../source/tap/findings/keys/key-sample.js';
import {PatternRecords} from '../../../source/tap/findings/keys/pattern-records.js';
import {Loads} from '../../../source/tap/findings/loads/loads.js';
import {TrafficFindings} from '../../../source/tap/findings/traffic-findings.js';
import {keyPrinter} from '../../../source/tap/key-text.js';
import {KnownKeys} from '../../../source/tap/known-keys.js';
import {RecentMap} from '../../../source/tap/sketches/recent-map.js';
import {WorstKeys} from '../../../source/tap/sketches/worst-keys.js';
import type {CommandEvent} from '../../../source/tap/traffic.js';
import {Application} from '../support/application.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const get: CommandEvent = {
	connection: 1,
	clientName: '',
	db: 0,
	command: 'GET',
	argumentCount: 1,
	keys: [],
	keyCount: 1,
	keyWeight: 1,
	effect: 'read',
	ttlMs: undefined,
	hits: 0,
	misses: 1,
	missedKeys: [],
	requestBytes: 40,
	replyBytes: 5,
	startedAt: 0,
	sentAt: 0,
	repliedAt: 0,
	result: 'ok',
	error: undefined,
	inTransaction: false,
	isBlocking: false,
	depth: 1,
};

/** A miss, a set or a delete of a key, each on one of many connections. */
const commandOf = (number: number, key: string): CommandEvent => {
	const keys = [key];
	const times = {connection: number % 5000, startedAt: number, sentAt: number, repliedAt: number + 0.1};
	switch (number % 3) {
		case 0:
			return {...get, ...times, keys, missedKeys: keys};
		case 1:
			return {...get, ...times, keys, misses: 0, command: 'SET', effect: 'write', argumentCount: 2, ttlMs: 'none'};
		default:
			return {...get, ...times, keys, misses: 0, command: 'DEL', effect: 'delete'};
	}
};

/** Names of all kinds: numbers, words that look like nothing, some levels. */
const nameOf = (number: number): string => {
	const mixed = Math.imul(number, 0x9e3779b1) >>> 0;
	return number % 4 === 0 ? `${mixed.toString(36)}:${number % 7}:${number % 13}` : `user:${mixed}`;
};

// It takes a second or two of a processor, which others may need as well.
it('needs no more memory for ten times as many keys', {timeout: 120_000}, () => {
	const findings = new TrafficFindings();
	const use = (from: number, to: number): number => {
		for (let number = from; number < to; number++) findings.onCommand(commandOf(number, nameOf(number)));
		findings.onTick(to, []);
		collectGarbage();
		return process.memoryUsage().heapUsed;
	};
	const before = use(0, 25_000);
	const grown = use(25_000, 250_000) - before;
	expect(findings.findings(250_000, keyPrinter({hide: false})).map(({id}) => id)).toContain('no-ttl');
	// The names of 225,000 more keys alone, if they were kept, are 12 MB.
	expect(grown).toBeLessThan(10e6);
});

it('keeps a bounded number of keys in each of its parts', () => {
	const keys = new KnownKeys();
	const records = new PatternRecords(keys.patterns);
	const loads = new Loads();
	const recent = new RecentMap<number>(1000);
	const worst = new WorstKeys();
	const first = keys.of('user:0', 0);
	for (let number = 0; number < 26_000; number++) {
		const key = `user:${number}`;
		const event = {...get, keys: [key], sentAt: number};
		const known = keys.of(key, 0);
		records.onKeyUse({kind: 'miss', event, known, load: undefined});
		loads.record('miss', known, event);
		recent.set(key, number);
		worst.add(key);
	}
	const [record] = records.all();
	expect([...(record?.sample.keys() ?? [])].length).toBeLessThanOrEqual(maxSampledKeys);
	expect(Math.abs((record?.sample.estimate(() => true) ?? 0) / 26_000 - 1)).toBeLessThan(0.25);
	expect(keys.of('user:25999', 0).load).toBeDefined();
	expect(keys.of('user:15000', 0).load).toBeUndefined();
	expect(keys.of('user:0', 0)).not.toBe(first);
	expect(recent.size).toBeLessThanOrEqual(1000);
	expect(recent.get('user:25999')).toBe(25_999);
	expect(worst.worst()).toHaveLength(worst.limit);
});

it('keeps what is used again and again, and the most frequent, however many others come', () => {
	const recent = new RecentMap<number>(100);
	const worst = new WorstKeys(10);
	for (let number = 0; number < 10_000; number++) {
		recent.set(`key:${number}`, number);
		recent.set('kept', (recent.get('kept') ?? 0) + 1);
		worst.add(`key:${number}`);
		worst.add('kept');
	}
	expect(recent.get('kept')).toBe(10_000);
	expect(worst.names()[0]).toBe('kept');
});

it('names a few keys for each finding, and hides their names if it is told to', () => {
	const application = new Application();
	const client = application.connect();
	for (let kind = 0; kind < 12; kind++) {
		const name = `kind${'abcdefghijkl'.charAt(kind)}`;
		for (let user = 0; user < 60; user++)
			if (!client.get(`${name}:${user}`)) client.do(`SET ${name}:${user} secret-value`);
	}
	const [finding] = application.found();
	expect(finding?.id).toBe('no-ttl');
	expect(finding?.keys).toHaveLength(maxFindingKeys);
	expect(finding?.evidence).toMatch(/ So are keys of kind\w:\*, kind\w:\*, kind\w:\* and 8 others\.$/);
	const hidden = JSON.stringify(application.found(true));
	expect(hidden).not.toContain('kind');
	expect(hidden).not.toContain('secret');
	expect(application.found(true)[0]?.keys[0]).toMatch(/^#[\da-f]{8}:\*$/);
});
