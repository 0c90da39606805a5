/**
 * Joins the Prometheus texts of several caches into one. A text may describe each metric only once, and has to list all its
 * series together, so the texts cannot simply be concatenated.
 *
 * @param texts Results of `prometheus()`, with labels that distinguish the caches, or of any other exporter.
 * @returns One text, with the metrics in the order of their first appearance.
 * @example
 * response.end(joinPrometheus(await users.prometheus({cache: 'users'}), await pages.prometheus({cache: 'pages'})));
 */
export function joinPrometheus(...texts: readonly string[]): string {
	const metrics = new Map<string, {readonly description: Set<string>; readonly series: string[]}>();
	for (const text of texts) {
		let current = '';
		for (const line of text.split('\n')) {
			if (line === '') continue;
			const described = /^# (?:HELP|TYPE) (\S+)/.exec(line)?.[1];
			if (described !== undefined) current = described;
			const metric = metrics.get(current) ?? {description: new Set(), series: []};
			metrics.set(current, metric);
			if (described === undefined) metric.series.push(line);
			else metric.description.add(line);
		}
	}
	const lines = [...metrics.values()].flatMap(({description, series}) => [...description, ...series]);
	return `${lines.join('\n')}\n`;
}
