import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startFaultProxy, startRedis, type TestFaultProxy, type TestRedis} from '../../source/testing/testing.js';
import {freePort} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {installApplications} from './support/applications.js';
import {install} from './support/install.js';
import {type RunningApplication, start} from './support/start.js';

const monitoring = fileURLToPath(new URL('../../media/monitoring/', import.meta.url));
const isInstalled = spawnSync('promtool', ['--version']).status === 0;
if (!isInstalled && process.env.CI === 'true') throw new Error('there is no promtool: apt-get install prometheus');
if (!isInstalled) process.stderr.write('\nno promtool on PATH: tests of monitoring are skipped\n');

const promtool = (...args: readonly string[]): string =>
	execFileSync('promtool', [...args], {cwd: monitoring, encoding: 'utf8'});

/** A second between scrapes, and alerts that wait for three instead of a minute. */
function writeConfiguration(folder: string, target: string): string {
	const rules = readFileSync(join(monitoring, 'alerts.yml'), 'utf8').replaceAll(/\bfor: \d+m$/gm, 'for: 3s');
	writeFileSync(join(folder, 'alerts.yml'), rules);
	const path = join(folder, 'prometheus.yml');
	writeFileSync(
		path,
		`global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [alerts.yml]
scrape_configs: [{job_name: shop, static_configs: [{targets: ['${target}']}]}]
`,
	);
	return path;
}

describe.skipIf(!isInstalled)('monitoring', () => {
	let folder: string;
	let redis: TestRedis;
	let proxy: TestFaultProxy;
	let application: RunningApplication;
	const stops: (() => unknown)[] = [];

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'redis-cache-tui-prometheus-'));
		stops.push(() => rmSync(folder, {recursive: true, force: true}));
		redis = await startRedis();
		stops.push(() => redis.close());
		proxy = await startFaultProxy(redis.url);
		stops.push(() => proxy.close());
		const installation = await install(['prom-client@15']);
		stops.push(() => installation.remove());
		await installApplications(installation, ['database', 'metrics']);
		application = await start({folder: installation.folder, args: ['metrics.js'], env: {REDIS_URL: proxy.url}});
		stops.push(() => application.kill());
	});

	afterAll(async () => {
		for (const stop of stops.reverse()) await stop();
	});

	it('has rules that Prometheus takes, and that fire when they should', () => {
		expect(promtool('check', 'rules', 'alerts.yml')).toContain('SUCCESS');
		expect(promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
	});

	it('has metrics that follow the conventions of Prometheus', async () => {
		const text = await (await fetch(`${application.url}/metrics`)).text();
		const {status, stdout, stderr} = spawnSync('promtool', ['check', 'metrics'], {input: text, encoding: 'utf8'});
		expect(`${stdout}${stderr}`).toBe('');
		expect(status).toBe(0);
	});

	it('fires an alert while Redis is a black hole, and answers every query of the dashboard', async ({
		onTestFinished,
	}) => {
		const port = await freePort();
		const args = [
			`--config.file=${writeConfiguration(folder, application.url.replace('http://', ''))}`,
			`--storage.tsdb.path=${join(folder, 'data')}`,
			`--web.listen-address=127.0.0.1:${port}`,
		];
		const prometheus = spawn('prometheus', [...args, '--log.level=error'], {stdio: ['ignore', 'inherit', 'inherit']});
		onTestFinished(async () => {
			prometheus.kill('SIGKILL');
			await once(prometheus, 'exit');
		});
		const ask = async (path: string): Promise<unknown> => {
			const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
			const {status, data, error} = (await response.json()) as {status: string; data: unknown; error?: string};
			if (status !== 'success') throw new Error(`${path}: ${error}`);
			return data;
		};
		const query = async (expression: string) =>
			((await ask(`query?query=${encodeURIComponent(expression)}`)) as {readonly result: readonly unknown[]}).result;
		const firing = async (): Promise<readonly string[]> => {
			const {alerts} = (await ask('alerts')) as {
				readonly alerts: readonly {readonly state: string; readonly labels: {readonly alertname: string}}[];
			};
			return alerts.filter(({state}) => state === 'firing').map(({labels}) => labels.alertname);
		};
		const patience = {everyMs: 200};

		await fetch(application.url);
		const isScraped = () =>
			query('redis_cache_mode{mode="connected"} == 1').then(
				({length}) => length > 0,
				() => false,
			);
		await until(isScraped, 'a connected cache is scraped', patience);
		expect(await firing()).toEqual([]);

		const lift = proxy.apply('blackhole');
		await until(
			async () => {
				await fetch(application.url);
				return (await firing()).includes('RedisCacheWithoutRedis');
			},
			'the alert fires',
			patience,
		);
		lift();
		await until(async () => !(await firing()).includes('RedisCacheWithoutRedis'), 'the alert is over', patience);

		const dashboard = JSON.parse(readFileSync(join(monitoring, 'grafana-dashboard.json'), 'utf8')) as {
			readonly panels: readonly {readonly title: string; readonly targets: readonly {readonly expr: string}[]}[];
		};
		for (const {title, targets} of dashboard.panels)
			for (const {expr} of targets) {
				const asked = expr.replaceAll(/\$(job|instance)/g, '.*').replaceAll('$__rate_interval', '1m');
				expect(await query(asked), `${title}: ${asked}`).not.toEqual([]);
			}
	});
});
