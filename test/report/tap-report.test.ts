import {XMLValidator} from 'fast-xml-parser';
import {describe, expect, it} from 'vitest';
import {tapPage} from '../../source/report/tap/tap-page.js';
import {tapAnnotations, tapSummary} from '../../source/report/tap/tap-summary.js';
import {tapLine, warningWords} from '../../source/report/tap/tap-text.js';
import {textReport} from '../../source/report/text-report.js';
import {applicationAt} from '../support/fake-application.js';
import {finding, passed, recording, wire} from './drill-fixtures.js';
import {tapResult as result, tapSlots as slots} from './tap-fixtures.js';

const textOf = (page: string) =>
	page
		.replace(/<style>.*<\/style>/s, '')
		.replaceAll(/<[^>]*>/g, ' ')
		.replaceAll(/\s+/g, ' ');

const isWellFormed = (page: string) =>
	XMLValidator.validate(page.replace('<!doctype html>', '').replaceAll(/(<meta [^>]*)>/g, '$1/>'));

const evil = `<script>alert("1")</script><img src=x onerror='alert(2)'>&amp;\u202e`;

describe('the line of a second', () => {
	const at = (second: number) => applicationAt(second, 0, {}, {from: 40});

	it('has the latency of that second, not that since the start', () => {
		const busy = at(31);
		const {lastSecond} = busy.live;
		if (!lastSecond) throw new Error('there is no last second');
		const slow = {...busy, live: {...busy.live, lastSecond: {...lastSecond, p50Ms: 900, p99Ms: 1200}}};
		expect(tapLine(at(30), slow, [])).toMatch(/p50 900 ms +p99 1\.20 s/);
	});

	it('has a dash where nothing was answered', () => {
		expect(tapLine(at(44), at(45), [])).toMatch(/ 0\/s +hit ratio no reads +p50 - +p99 - /);
	});
});

describe('the report of a tap', () => {
	it('is a page with findings, time lines, the last outage and all lists', () => {
		const page = tapPage(result);
		expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, head]) => head)).toEqual([
			'Findings',
			'Time lines',
			'In the last outage',
			'Figures',
			'Commands',
			'Keys by pattern',
			'Clients by name',
			'TTLs written',
			'Hot keys',
			'Largest values',
		]);
		const text = textOf(page);
		for (const part of [
			`Application: 1 finding: ${finding.title}`,
			'30,000 commands in 300.0 s on 127.0.0.1:6380, Redis at redis://cache:6379/0.',
			'black hole: 100.0 s to 103.0 s',
			'commands without a reply: 3',
			'black hole: 3.0 s. The application had 3 connections when the first fault began',
			'75.0 % of 24,000',
			'up to 1m 5,988',
			'without a name 3 30,000',
		])
			expect(text).toContain(part);
		expect(isWellFormed(page)).toBe(true);
		// 300 seconds are drawn as at most 120 points, each a median, a 99th percentile and a maximum.
		expect(page.match(/h0/g)?.length).toBe(3 * 100);
		expect(page.length).toBeLessThan(60_000);
	});

	it('shows a second of traffic between two gaps', () => {
		expect(tapPage(result)).not.toContain('class="point"');
		const lonely = slots.slice(0, 9).map((each, index) => (index === 4 ? each : {...each, hits: 0, misses: 0}));
		const page = tapPage({...result, course: {startedAt: 0, slots: lonely}});
		expect(page.match(/<circle class="point" [^>]*\/>/g)).toHaveLength(1);
	});

	it('has the last drill, without figures of calls that it did not make', () => {
		const report = {
			...passed,
			calls: 0,
			modes: [],
			application: '127.0.0.1:6380',
			wire,
			leftOut: [{name: 'wrongReads == 0', reason: 'no calls'}],
		};
		const page = tapPage({...result, drill: {report, recording: {...recording, wrongReads: []}}});
		expect(page).toContain(`<h2>Last drill: ${passed.drill}, passed</h2>`);
		expect(textOf(page)).toContain('wrongReads == 0 – left out no calls');
		const heads = [...page.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, head]) => head);
		expect(heads.slice(heads.indexOf('Expectations'))).toEqual([
			'Expectations',
			'Time lines',
			'Application at the wire',
			'Times',
			'Server',
			'Events',
		]);
		expect(textOf(page)).not.toMatch(/Mode of the cache|Calls a second|calls settled after|Availability/);
		const text = textReport(report);
		expect(text).toContain('On the traffic of the application that connects to 127.0.0.1:6380, for');
		expect(text).not.toMatch(/calls settled after|Modes:|availability|journal:/);
		expect(isWellFormed(page)).toBe(true);
	});

	it('says so where there is no finding, and draws nothing of an application that sent nothing', () => {
		const {outage: _, ...application} = result.application;
		const quiet = {
			application: {...application, outage: undefined, findings: []},
			course: {startedAt: 0, slots: []},
			faults: [],
		};
		const page = tapPage(quiet);
		expect(textOf(page)).toContain('✓ Application: no findings');
		expect(page).not.toContain('Time lines');
		const commands = {...application.commands, total: 0};
		expect(tapPage({...quiet, application: {...quiet.application, commands}})).toContain('has sent nothing');
	});

	it('lets no name become markup', () => {
		const {application} = result;
		const texts = {
			...result,
			application: {
				...application,
				findings: [{...finding, title: evil, evidence: evil, why: evil, advice: evil, keys: [evil]}],
				patterns: application.patterns.map((each) => ({...each, pattern: evil})),
				hotKeys: [{key: evil, reads: 1, share: 1}],
				connections: {...application.connections, clients: [{name: evil, connections: 1, commands: 1}]},
			},
			faults: [{label: evil, fromMs: 0, toMs: 1}],
		};
		const page = tapPage(texts);
		expect(page).not.toMatch(/<script|<img/);
		expect(isWellFormed(page)).toBe(true);
		expect(tapSummary(texts)).not.toMatch(/<script|<img/);
	});

	it('is a job summary with an annotation for each finding', () => {
		const summary = tapSummary(result);
		expect(summary).toMatch(/^## ❌ Application: 1 finding: /);
		expect(summary).toContain('### In the last outage\n\n- black hole: 3.0 s.\n- The application had 3 connections');
		expect(summary).toContain('| user:&#42; | 24,000 | 75.0 % | 6,000 | 0 |');
		expect(tapSummary(result, 800)).toMatch(/The rest is left out/);
		expect(tapAnnotations(result)).toBe(
			`::warning title=finding ${finding.id}::${finding.title}. ${finding.evidence} ${finding.advice}\n`,
		);
	});
});

describe('a warning among the lines of a tap', () => {
	it('names whose state it is, where that is not the application', () => {
		expect(warningWords({topic: 'server', text: 'no answer for 6 s'})).toBe('Redis: no answer for 6 s');
		expect(warningWords({topic: 'application', text: 'the application speaks TLS'})).toBe('the application speaks TLS');
	});
});
