import {expect, it} from 'vitest';
import {EventsLog} from '../../source/engine/log/events-log.js';
import {FindingEvents} from '../../source/engine/log/finding-events.js';
import type {Finding, FindingLevel} from '../../source/tap/findings/finding.js';

const finding = (level: FindingLevel): Finding => ({
	id: 'no-ttl',
	level,
	title: 'Keys without a TTL',
	evidence: '7 writes.',
	why: '',
	advice: '',
	keys: [],
	firstSeenAt: 0,
	lastSeenAt: 0,
});

it('logs a finding once, and again at its level when it has become more serious', () => {
	const log = new EventsLog();
	const events = new FindingEvents(log);
	for (const level of ['info', 'info', 'serious', 'warning', 'serious'] as const) events.add([finding(level)]);
	expect(log.all().map(({level, text}) => `${level} ${text}`)).toEqual([
		'info finding no-ttl: Keys without a TTL. 7 writes.',
		'error now serious: finding no-ttl: Keys without a TTL. 7 writes.',
	]);
});
