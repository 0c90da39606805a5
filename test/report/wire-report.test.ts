import {describe, expect, it} from 'vitest';
import {parseExpectation} from '../../source/drills/expectation.js';
import {valueOfField} from '../../source/drills/expectation-fields.js';
import {textReport} from '../../source/report/text-report.js';
import {wireLines} from '../../source/report/wire-lines.js';
import {finding, passed, wire} from './drill-fixtures.js';

describe('a report on an application at the wire', () => {
	it('says in text what it did, and what cannot be known', () => {
		const text = textReport({...passed, wire, findings: [finding]});
		expect(text.slice(text.indexOf('At the wire'), text.indexOf('  ✓'))).toMatchInlineSnapshot(`
			"At the wire:
			  The application had 3 connections when the first fault began, 0 to 4 during faults, and 2 at the end. 1 connection could not be read: its commands are not counted.
			  4 connections broke; 1 of them never came back.
			  Attempts to reconnect: 13, 10 failed, at most 5 within a second; pauses of 49.8 ms at least, 151 ms in the median, growing (a back-off).
			  Attempts to connect while the port was closed (refuse, 0.6 s) cannot be seen.
			  Of 1,204 commands 12 were lost with their connections; errors: LOADING 3, READONLY 1.
			  Sent again, as far as it can be told (same name, first key and length within a second): 5 after a loss, 2 after an error.
			  The first command was answered 35.0 ms after the last fault was lifted.
			  waited longest  for     sent at  connection      end
			  GET             2.01 s  3.2 s    web             lost with its connection
			  SET             1.20 s  before   without a name  answered

			findings
			  warning: Keys are written without a TTL
			    seen: 1,204 of 1,300 writes of session:* had none.
			    keys: session:*
			    why: Keys that nobody deletes fill the memory of Redis.
			    do: Give each write an EX.

			"
		`);
	});

	it('says nothing of what did not happen', () => {
		const lines = wireLines({
			...wire,
			connections: {before: 2, during: null, after: 2, opened: 1, broken: 0, unreadable: 0},
			reconnects: {attempts: 0, failed: 0, perSecond: 0, pauseMs: null, backOff: null, unseenMs: 0},
			notReturned: 0,
			lostCommands: 0,
			errors: {},
		});
		expect(lines).toEqual([
			'The application had 2 connections at the end, and opened 1 during the drill.',
			'Of 1,204 commands none was lost; errors: none.',
		]);
	});

	it('never shows attempts that cannot be seen as none', () => {
		const reconnects = {...wire.reconnects, attempts: 0, failed: 0, perSecond: 0, pauseMs: null, backOff: null};
		expect(wireLines({...wire, reconnects})).toContain(
			'Attempts to connect while the port was closed (refuse, 0.6 s) cannot be seen.',
		);
		expect(wireLines({...wire, reconnects}).join(' ')).not.toContain('Attempts to reconnect');
	});

	it('has fields for expectations', () => {
		const value = (text: string, of = {...passed, wire}) => {
			const expectation = parseExpectation(`${text} <= 1`);
			if (typeof expectation === 'string') throw new Error(expectation);
			return valueOfField(of, expectation.field);
		};
		expect(value('wire.lostCommands')).toBe(12);
		expect(value('wire.longestWaitMs')).toBe(2013.4);
		expect(value('wire.notReturned')).toBe(1);
		expect(value('wire.recoveryMs')).toBe(35);
		expect(value('wire.recoveryMs', {...passed, wire: {...wire, recoveryMs: null}})).toBeUndefined();
	});
});
