import type {ServerFigures} from '../../../engine/protocol.js';
import {useEngine} from '../../hooks/use-screen.js';
import type {Sample} from '../../store/sample.js';
import {type FigureChart, type FigureLine, FigurePanel} from '../figure-panel.js';
import type {PanelProps} from '../panel.js';
import {whyEmpty} from './why-empty.js';

export type ServerLine = FigureLine<ServerFigures>;

export type ServerChart = FigureChart<ServerFigures>;

const figuresOf = ({server}: Sample) => server;

type ServerFigurePanelProps = PanelProps & {
	/** Pass the same object each time. */
	readonly chart: ServerChart;
	/** The span of the newest figures: the latest snapshots, or the last ten seconds. Default `latest`. */
	readonly span?: 'latest' | 'recent';
};

/** A panel with a chart of figures of the server. */
export function ServerFigurePanel({chart, span = 'latest', isFocused}: ServerFigurePanelProps) {
	const now = useEngine(({snapshot}) => snapshot?.activity[span]);
	const empty = useEngine(({snapshot}) => (snapshot?.activity.latest ? chart.empty : whyEmpty(snapshot)));
	return <FigurePanel chart={chart} now={now} of={figuresOf} empty={empty} isFocused={isFocused} />;
}
