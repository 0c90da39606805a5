import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, vi} from 'vitest';
import {printReport} from '../../source/cli/modes/print-drills.js';
import {githubAnnotations, githubSummary} from '../../source/report/github-report.js';
import {failed, finding, partial, passed, probe, wire} from './drill-fixtures.js';

describe('the job summary of GitHub Actions', () => {
	it('has a table of all drills, and the expectations of each', () => {
		const summary = githubSummary(
			[{report: passed}, {report: {...failed, probes: [probe], wire, findings: [finding]}}],
			[{drill: 'kill', reason: 'not possible here'}],
		);
		expect(summary).toMatch(/^## Drills: 1 of 2 drills passed, 1 skipped\n\n\| Drill \| Verdict \| /);
		expect(summary).toContain('| black-hole | ✅ passed | 5,000 | 0 | 0 | 0 | 55.3 ms | 307 ms |');
		expect(summary).toContain('| kill | ➖ skipped, not possible here |');
		expect(summary).toContain('| recoveryMs &lt;= 1000 | ❌ not met | not measured |');
		expect(summary).toContain(
			'- **Keys are written without a TTL** (no-ttl): 1,204 of 1,300 writes of session:&#42; had none',
		);
		expect(summary).toContain('| http://localhost:3000/users/1 | 100 | 97 % | 12.0 ms | 40.0 ms |');
		expect(summary).toContain('- http://localhost:3000/users/1 stayed available from 410 ms after');
		expect(summary).toContain('- 4 connections broke; 1 of them never came back.\n');
		expect(summary).toContain('| GET | 2.01 s | 3.2 s | web | lost with its connection |');
		expect(summary).toContain('Journal: 176 keys at most, 178 reconciled, never overflowed.');
	});

	it('shows every text as it is', () => {
		const summary = githubSummary([{report: {...failed, drill: '<b> | `x` *y* [z](u) @who\nnew'}}]);
		expect(summary).toContain('### &lt;b> &#124; &#96;x&#96; &#42;y&#42; &#91;z&#93;(u) &#64;who&#92;nnew: failed');
		expect(summary.split('\n').filter((line) => line.startsWith('new'))).toEqual([]);
	});

	it('leaves out what does not fit, from the end', () => {
		const many = Array.from({length: 60}, (_, index) => ({report: {...passed, drill: `drill-${index}`}}));
		const summary = githubSummary(many, [], 30_000);
		expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(30_000);
		expect(summary).toContain('### drill-10: passed');
		expect(summary).not.toContain('### drill-59: passed');
		expect(summary).toMatch(/\nThe rest is left out: GitHub shows at most 1 MiB\.\n$/);
		expect(githubSummary(many, [], 10)).toBe('');
	});
});

describe('the annotations of GitHub Actions', () => {
	it('are one error for each expectation that was not met, with the file of the drill', () => {
		expect(githubAnnotations([{report: failed, file: './drills/a,b:c.json'}, {report: passed}])).toBe(
			'::error file=drills/a%2Cb%3Ac.json,title=drill bad <"day">::expected wrongReads == 0, but it was 1\n' +
				'::error file=drills/a%2Cb%3Ac.json,title=drill bad <"day">::expected recoveryMs <= 1000, but it was not measured\n',
		);
		expect(githubAnnotations([{report: {...partial, partial: '100 %\nlost'}}])).toBe(
			'::error title=drill flapping::100 %25%0Alost\n',
		);
	});

	it('are as many as GitHub shows', () => {
		const lines = githubAnnotations(Array.from({length: 8}, () => ({report: failed})))
			.trimEnd()
			.split('\n');
		expect(lines).toHaveLength(10);
		expect(lines.at(-1)).toBe('::error::7 more expectations of drills were not met');
	});
});

describe('printing for GitHub Actions', () => {
	const print = async (path: string | undefined) => {
		vi.stubEnv('GITHUB_STEP_SUMMARY', path);
		const printed = {out: '', err: ''};
		const data = (text: string) => {
			printed.out += text;
		};
		const output = {
			glyphs: 'unicode' as const,
			out: data,
			data,
			err(text: string) {
				printed.err += text;
			},
			drained: async () => undefined,
			written: async () => undefined,
			broken: new AbortController().signal,
			failed: false,
		};
		try {
			await printReport({results: [{report: failed}], skipped: [], isAll: false}, 'github', output);
		} finally {
			vi.unstubAllEnvs();
		}
		return printed;
	};

	it('appends the summary to its file, and prints annotations', async ({onTestFinished}) => {
		const folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
		onTestFinished(() => rmSync(folder, {recursive: true}));
		const path = join(folder, 'summary.md');
		const {out, err} = await print(path);
		await print(path);
		expect([out.match(/^::error /gm)?.length, out.includes('## Drills'), err]).toEqual([2, false, '']);
		expect(readFileSync(path, 'utf8').match(/^## Drills: 0 of 1 drill passed$/gm)).toHaveLength(2);
	});

	it('prints the summary where there is no file for it, or it cannot be written', async () => {
		const elsewhere = await print(undefined);
		expect(elsewhere.out).toMatch(/^## Drills: [\s\S]*^::error /m);
		const unwritable = await print('/nonexistent/summary.md');
		expect(unwritable.out).toBe(elsewhere.out);
		expect(unwritable.err).toMatch(/^redis-cache-tui: \$GITHUB_STEP_SUMMARY cannot be written: ENOENT.*\n$/);
	});
});
