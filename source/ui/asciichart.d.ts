declare module 'asciichart' {
	type PlotConfig = {
		readonly min?: number;
		readonly max?: number;
		readonly height?: number;
		readonly offset?: number;
		readonly padding?: string;
		readonly colors?: readonly string[];
		readonly symbols?: readonly string[];
		readonly format?: (value: number, index: number) => string;
	};
	const asciichart: {plot(series: readonly (readonly number[])[], config?: PlotConfig): string};
	// biome-ignore lint/style/noDefaultExport: the package is CommonJS, and Node gives its exports as the default.
	export default asciichart;
}
