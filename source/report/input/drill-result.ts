import type {DrillReport} from '../../drills/drill-report.js';
import type {DrillRecording} from '../../drills/recording/drill-recording.js';

/** The result of a drill that ran. Reports show the parts that are present. */
export type DrillResult = {
	readonly report: DrillReport;
	/** Path of the drill's file; absent if it came with the program. */
	readonly file?: string;
	readonly recording?: DrillRecording;
};
