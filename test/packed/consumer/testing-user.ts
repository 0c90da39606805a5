import {
	type DrillFile,
	type DrillReport,
	type OpenSubject,
	runDrill,
	startFaultProxy,
	startRedis,
} from '../../../source/testing/testing.js';

/* Uses the test kit as the tests of an application do. It is compiled against the packed declarations, and never run. */

const open: OpenSubject = ({url, signal}) => {
	const values = new Map<string, unknown>();
	signal.addEventListener('abort', () => values.clear());
	return {
		get: (key) => values.get(key),
		set: (key, value, {ttl}) => values.set(key, ttl > 0 ? value : url),
		delete: (key) => values.delete(key),
	};
};

const drill: DrillFile = {
	name: 'mine',
	summary: 'Redis is away',
	duration: '2s',
	steps: [{at: '500ms', fault: 'blackhole', for: 500}],
	expectations: ['wrongReads == 0'],
};

export async function use(): Promise<number> {
	await using redis = await startRedis({prefer: 'built-in'});
	await using proxy = await startFaultProxy(redis.url);
	const lift: () => void = proxy.apply('latency 20ms');
	lift();
	const report: DrillReport = await runDrill(open, drill, {builtIn: true, signal: AbortSignal.timeout(5000)});
	const again = await runDrill('./cache.mjs', 'black-hole', {url: redis.url});
	return report.wrongReads + (again.returned?.otherProcess ?? 0);
}
