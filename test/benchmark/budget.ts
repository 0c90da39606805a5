/** One figure against its budget. */
export type Figure = {
	readonly what: string;
	/** Undefined: it cannot be measured here. */
	readonly value: number | undefined;
	readonly unit: string;
	/** The most it may be. Undefined: for information. */
	readonly budget?: number;
	/** The conditions of the measurement: runs, range. */
	readonly note?: string;
};

/** With three digits, or without a fraction. */
export const showNumber = (value: number): string =>
	value >= 100 || Number.isInteger(value)
		? Math.round(value).toLocaleString('en')
		: value.toLocaleString('en', {maximumSignificantDigits: 3});

/** The same place of a sorted list, whatever its length: 0.5 is the median. */
export function quantile(values: readonly number[], at: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
}

export const range = (values: readonly number[]): string =>
	`${values.length} times, ${showNumber(Math.min(...values))} to ${showNumber(Math.max(...values))}`;

function verdict({value, budget}: Figure): string {
	if (value === undefined || budget === undefined) return '';
	return value <= budget ? 'held' : '**over**';
}

/** Figures as a Markdown table. */
export function figureTable(title: string, figures: readonly Figure[]): string {
	const rows = figures.map((figure) => {
		const {what, value, unit, budget, note} = figure;
		const measured = value === undefined ? 'not measured' : `${showNumber(value)} ${unit}`;
		return `| ${what} | ${measured} | ${budget === undefined ? '' : `${showNumber(budget)} ${unit}`} | ${verdict(figure)} | ${note ?? ''} |`;
	});
	return [`\n### ${title}\n`, '| | measured | budget | | |', '| --- | ---: | ---: | --- | --- |', ...rows, ''].join(
		'\n',
	);
}
