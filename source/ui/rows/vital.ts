import type {PanelId} from '../state/views/plans/overview-plan.js';
import type {Row} from '../text/row.js';
import type {StyleName} from '../theme.js';

/** A figure with its history. `panel`: the panel that Enter enlarges. */
export type Vital = {
	readonly panel: PanelId;
	readonly name: string;
	readonly value: string;
	readonly style: StyleName;
	readonly history: Row;
};
