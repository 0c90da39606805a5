import {expect, it} from 'vitest';
import {maxFindingKeys} from '../../../source/tap/findings/finding.js';
import {maxSampledKeys} from '../../../source/tap/findings/keys/key-sample.js';
import {PatternRecords} from '../../../source/tap/findings/keys/pattern-records.js';
import {Loads} from '../../../source/tap/findings/loads/loads.js';
import {TrafficFindings} from '../../../source/tap/findings/traffic-findings.js';
import {keyPrinter} from '../../../source/tap/key-text.js';
import {KeyPatterns} from '../../../source/tap/patterns.js';
import {RecentMap} from '../../../source/tap/sketches/recent-map.js';
import {WorstKeys} from '../../../source/tap/sketches/worst-keys.js';
import type {CommandEvent} from '../../../source/tap/traffic.js';
import {Application, seededRandom} from '../support/application.js';

const get: CommandEvent = {
	connection: 1,
	clientName: '',
	db: 0,
	command: 'GET',
	argumentCount: 1,
	keys: [],
	keyCount: 1,
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

const commandsOf = (number: number, key: string): readonly CommandEvent[] => {
	const keys = [key];
	const times = {connection: number % 5000, startedAt: number, sentAt: number, repliedAt: number + 0.1};
	const plain = {...get, ...times, keys, misses: 0};
	return [
		{...get, ...times, keys, missedKeys: keys},
		{...plain, command: 'SET', effect: 'write', argumentCount: 2, ttlMs: number % 2 === 0 ? 'none' : 60_000},
		{...plain, command: 'DEL', effect: 'delete'},
	];
};

it('needs no more memory for a million keys than for a hundred thousand', () => {
	const findings = new TrafficFindings();
	const random = seededRandom(5);
	/** Names of all kinds: numbers, words that look like nothing, many levels. */
	const name = (number: number): string => {
		const word = Math.floor(random() * 2 ** 40).toString(36);
		return number % 2 === 0 ? `user:${number}` : `${word}:${word.slice(0, 1 + (number % 7))}:${number % 13}`;
	};
	const use = (from: number, to: number): number => {
		for (let number = from; number < to; number++)
			for (const event of commandsOf(number, name(number))) findings.onCommand(event);
		findings.onTick(to, []);
		globalThis.gc?.();
		return process.memoryUsage().heapUsed;
	};
	const before = use(0, 100_000);
	const grown = use(100_000, 1_000_000) - before;
	expect(findings.findings(1_000_000, keyPrinter({hide: false})).length).toBeGreaterThan(0);
	expect(grown).toBeLessThan(60e6);
});

it('keeps a bounded number of keys in each of its parts', () => {
	const patterns = new KeyPatterns();
	const records = new PatternRecords(patterns);
	const loads = new Loads();
	const recent = new RecentMap<number>(1000);
	const worst = new WorstKeys();
	for (let number = 0; number < 20_000; number++) {
		const key = `user:${number}`;
		const event = {...get, keys: [key], sentAt: number};
		records.onKeyUse({kind: 'miss', event, key, id: key, pattern: patterns.patternOf(key), load: undefined});
		loads.record('miss', key, event);
		recent.set(key, number);
		worst.add(key);
	}
	const [record] = records.all();
	expect([...(record?.sample.keys() ?? [])].length).toBeLessThanOrEqual(maxSampledKeys);
	expect(Math.abs((record?.sample.estimate(() => true) ?? 0) / 20_000 - 1)).toBeLessThan(0.25);
	expect(loads.of('user:19999', get)).toBeDefined();
	expect(loads.of('user:1', get)).toBeUndefined();
	expect(recent.size).toBeLessThanOrEqual(1000);
	expect(recent.get('user:19999')).toBe(19_999);
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
