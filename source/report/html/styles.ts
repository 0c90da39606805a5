/**
 * Styles of every page. The colors are those of Okabe and Ito, which people with any color vision can distinguish; each
 * also has a shape, a pattern or a word beside it.
 */
export const styles = `
:root{color-scheme:light dark;--page:#fff;--ink:#1c2126;--soft:#5a646e;--line:#d8dde2;--panel:#f5f7f9;--link:#0a5ea8;
--good:#00664a;--bad:#b03a00;--dot:#0072b2;--fault:#d55e00;--traffic:#8a6d00;--connected:#56b4e9;--fallback:#e69f00;
--recovering:#cc79a7;--on-mode:#1c2126}
@media (prefers-color-scheme:dark){:root{--page:#14181c;--ink:#e6eaee;--soft:#9fabb6;--line:#333c45;--panel:#1c2228;
--link:#7cc0f5;--good:#4cc9a0;--bad:#ff9063;--dot:#6bbcf0;--fault:#f08a4b;--traffic:#e3c355;--connected:#3d89b8;
--fallback:#c98a00;--recovering:#b8679a;--on-mode:#0b0e11}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
overflow-wrap:anywhere}
main{max-width:62rem;margin:0 auto;padding:1rem}
h1,h2,h3,h4{line-height:1.25;margin:1.6em 0 .5em}
h1{font-size:1.5rem;margin-top:.2em}
h2{font-size:1.2rem}
h3{font-size:1.05rem}
p{margin:.4em 0}
a{color:var(--link)}
section.drill{border-top:2px solid var(--line);margin-top:2.5rem}
.lead{color:var(--soft)}
.good{color:var(--good)}
.bad{color:var(--bad)}
.soft{color:var(--soft)}
code{font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.scroll{overflow-x:auto}
.scroll:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.2em 0}
th,td{text-align:left;padding:.3em .9em .3em 0;border-bottom:1px solid var(--line);vertical-align:top;
overflow-wrap:normal}
th{font-weight:600}
td.text{overflow-wrap:break-word;min-width:8rem}
th.number,td.number{text-align:right}
th.number,td.number,td.word{white-space:nowrap}
th.number[scope=col]{white-space:normal}
th.number[scope=row]{width:4rem}
th.text[scope=row]{white-space:pre-wrap;overflow-wrap:anywhere;min-width:7rem}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.15em 1em;margin:.4em 0;font-size:.9rem}
dt{color:var(--soft)}
dd{margin:0}
details{margin:.6em 0}
summary{cursor:pointer;color:var(--link)}
figure{margin:0 0 .9rem}
figcaption{font-size:.85rem;margin-bottom:.15rem}
figcaption b{font-weight:600}
.plot{display:block;width:100%;overflow:visible;font-size:11px}
.plot text{fill:var(--soft);paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}
.axis{margin-top:-.75rem;margin-bottom:.7rem}
.note{font-size:.85rem;color:var(--soft)}
.plot path,.plot rect,.plot line{vector-effect:non-scaling-stroke}
.grid{stroke:var(--line);stroke-width:1;fill:none}
.frame{fill:var(--panel)}
.shade{fill:var(--fault);fill-opacity:.13}
.edge{stroke:var(--fault);stroke-opacity:.55;stroke-width:1;fill:none}
.fault{fill:var(--fault)}
.workload{fill:var(--traffic)}
.connected{fill:var(--connected)}
.fallback{fill:var(--fallback)}
.recovering{fill:var(--recovering)}
.plot text.on-mode{fill:var(--on-mode);font-weight:600;stroke:none}
.dots{stroke:var(--dot);stroke-width:3.4;stroke-linecap:round;fill:none}
.few{stroke-opacity:.45}
.some{stroke-opacity:.7}
.curve{stroke:var(--dot);stroke-width:1.6;stroke-linejoin:round;fill:none}
.point{fill:var(--dot)}
.area{fill:var(--dot);fill-opacity:.18}
.limit{stroke:var(--bad);stroke-width:1.4;stroke-dasharray:6 4;fill:none}
.plot text.limit-word{fill:var(--bad)}
.mark{stroke:var(--bad);stroke-width:1.8;fill:none}
.mark-full{fill:var(--bad)}
.finding{border-left:.25rem solid var(--line);padding-left:.8rem;margin:.9rem 0}
.finding h3,.finding h4{margin:.2em 0;font-size:1rem}
@media (min-width:48rem),print{dl{grid-template-columns:minmax(8rem,max-content) 1fr minmax(8rem,max-content) 1fr}}
@media (max-width:32rem){main{padding:.75rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.35em}
th,td{padding-right:.6em}}
@media print{@page{size:A4;margin:14mm}
:root{color-scheme:light;--page:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#f5f7f9;--link:#000;--good:#00664a;
--bad:#b03a00;--dot:#0072b2;--fault:#d55e00;--traffic:#8a6d00;--connected:#56b4e9;--fallback:#e69f00;
--recovering:#cc79a7;--on-mode:#1c2126}
body{font-size:10.5pt}main{max-width:none;padding:0}
figure,tr,dl,.finding{break-inside:avoid}h1,h2,h3,h4{break-after:avoid}section.drill{break-before:page;border:0}
.plot{print-color-adjust:exact;-webkit-print-color-adjust:exact}.scroll{overflow:visible}details:not([open]){display:none}}
`;
