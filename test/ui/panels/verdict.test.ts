import {expect, it} from 'vitest';
import type {TargetWarning} from '../../../source/engine/target-snapshot.js';
import {noActivity} from '../../../source/inspect/server/activity/server-activity.js';
import {unicode} from '../../../source/ui/glyphs.js';
import {verdictRows} from '../../../source/ui/panels/server/verdict.js';

const words = 'evicting 400/s, memory 100 % of 2 GiB, p99 12 ms in the server, slowest: KEYS by shop-api, 182 ms';

/** The rows of a server with another dashboard on it, whose user may not call SLOWLOG. */
const rowsOf = (text: string, height: number, warnings: readonly TargetWarning[] = []) =>
	verdictRows(
		{
			...noActivity,
			verdict: {
				level: 'bad',
				problems: [{id: 'evicting', level: 'bad', text, since: Date.now(), isOlder: false}],
				summary: '',
			},
			refused: [{command: 'SLOWLOG', reason: 'NOPERM'}],
			dashboards: [{id: 'a', address: '10.0.0.7:5000', connections: 2}],
		},
		60,
		height,
		unicode,
		warnings,
	).map((row) => row.map((span) => span.text).join(''));

it('another dashboard is told below the sentence, and takes no row from it', () => {
	expect(rowsOf('evicting 400/s', 3)).toEqual([
		expect.stringMatching(/evicting 400\/s$/),
		expect.stringMatching(/^NOPERM: SLOWLOG/),
		expect.stringMatching(/^another dashboard at 10\.0\.0\.7:5000: its scans/),
	]);
	expect(rowsOf(words, 3)).toEqual([
		expect.stringMatching(/since/),
		expect.stringMatching(/182 ms$/),
		expect.stringMatching(/^NOPERM: SLOWLOG/),
	]);
	expect(rowsOf(words, 4)[3]).toMatch(/^another dashboard/);
});

it('a warning of the header is in words below the sentence, with what to do, and takes no row from it', () => {
	const slow = {id: 'too-slow', text: 'use --deadline 2s: redis://a is 602 ms away'} as const;
	expect(rowsOf('evicting 400/s', 3, [slow]).slice(1)).toEqual([
		expect.stringMatching(/^NOPERM: SLOWLOG/),
		expect.stringMatching(/^use --deadline 2s/),
	]);
	expect(rowsOf(words, 3, [slow])).toEqual(rowsOf(words, 3));
});
