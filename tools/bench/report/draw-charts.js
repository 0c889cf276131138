// Runs in the browser, behind uPlot: draws each chart of the page from the data that the page carries.
/* global document, devicePixelRatio, uPlot */
(() => {
  const palette = ['#1f6feb', '#d1572b', '#2c8a4b', '#8250c4', '#b3831c', '#0f7f8f', '#b4376b', '#5b6470'];
  const subjectColor = '#1f6feb';
  const aimColor = '#c6362c';
  const roundColor = '#6f7a89';
  const gridColor = '#e6e9ee';
  const textColor = '#39424e';
  const font = '12px system-ui, sans-serif';
  const categoryAngle = -28;

  const short = (value) => {
    if (value === null || value === undefined) return '';
    const size = Math.abs(value);
    if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
    if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
    return String(Number(value.toPrecision(3)));
  };

  /** A short level line where the aim is, instead of a point. */
  const dash = (plot, seriesIndex) => {
    const { ctx } = plot;
    const half = 26 * devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = aimColor;
    ctx.lineWidth = 2 * devicePixelRatio;
    plot.data[seriesIndex].forEach((value, i) => {
      if (value === null) return;
      const [x, y] = [plot.valToPos(plot.data[0][i], 'x', true), plot.valToPos(value, 'y', true)];
      ctx.beginPath();
      ctx.moveTo(x - half, y);
      ctx.lineTo(x + half, y);
      ctx.stroke();
    });
    ctx.restore();
    return false; // uPlot draws no points of its own
  };

  const looks = {
    line: (i) => ({ stroke: palette[i % palette.length], width: 2, points: { show: true, size: 7 } }),
    round: () => ({ paths: () => null, stroke: roundColor, points: { show: true, size: 7, width: 1.5, fill: '#ffffff' } }),
    median: () => ({ paths: () => null, stroke: subjectColor, points: { show: true, size: 11, fill: subjectColor } }),
    aim: () => ({ paths: () => null, stroke: aimColor, points: { show: dash } }),
  };

  const seriesOf = ({ name, style }, i) => ({
    label: name,
    spanGaps: true,
    value: (_, value) => short(value),
    ...looks[style](i),
  });

  /** Those of a log scale that are written, without crowding. */
  const logSplits = (_, splits) => splits.map((value) => (/^[125]/.test(value.toExponential()) ? value : null));

  const steps = [1, 2, 5, 10];
  const decade = (value) => 10 ** Math.floor(Math.log10(value));
  /** To 1, 2 or 5 of its power of ten. */
  const roundDown = (value) => steps.findLast((step) => step * decade(value) <= value) * decade(value);
  const roundUp = (value) => steps.find((step) => step * decade(value) >= value) * decade(value);

  function yScale({ series, yLog }) {
    const values = series.flatMap((one) => one.values).filter((value) => value !== null);
    const [min, max] = [Math.min(...values), Math.max(...values)];
    return yLog ? { distr: 3, range: [roundDown(min / 1.15), roundUp(max * 1.15)] } : { range: [0, max * 1.1 || 1] };
  }

  function xScale({ x, xNames, xLog }) {
    if (xNames !== undefined) return { time: false, range: [-0.6, x.length - 0.4] };
    const [first, last] = [x[0], x[x.length - 1]];
    if (xLog) return { time: false, distr: 3, range: [first / 1.5, last * 1.5] };
    return { time: false, range: [first - (last - first || 1) * 0.05, last + (last - first || 1) * 0.05] };
  }

  const xAxis = ({ x, xNames, xLabel }) => ({
    font,
    stroke: textColor,
    grid: { stroke: gridColor },
    splits: () => x,
    values: () => (xNames === undefined ? x.map(short) : xNames),
    ...(xNames === undefined
      ? { label: xLabel, labelFont: font, space: 10 }
      : { rotate: categoryAngle, size: 130, gap: 16, space: 10, align: 2 }),
  });

  function draw(chart, place) {
    const width = Math.min(place.clientWidth, 980);
    const options = {
      width,
      height: chart.xNames === undefined ? 320 : 400,
      padding: [12, 20, 0, 8],
      scales: { x: xScale(chart), y: yScale(chart) },
      axes: [
        xAxis(chart),
        {
          font,
          stroke: textColor,
          grid: { stroke: gridColor },
          label: chart.yLabel,
          labelFont: font,
          size: 62,
          ...(chart.yLog ? { filter: logSplits } : {}),
          values: (_, splits) => splits.map(short),
        },
      ],
      legend: { show: true, live: chart.xNames === undefined },
      cursor: { drag: { x: false, y: false } },
      series: [{ label: chart.xLabel || ' ', value: (_, value) => short(value) }, ...chart.series.map(seriesOf)],
    };
    const plot = new uPlot(options, [chart.x, ...chart.series.map(({ values }) => values)], place);
    // All rounds look alike: one entry stands for them. A legend without values has none for x.
    const entries = [...plot.root.querySelectorAll('.u-series')].slice(-chart.series.length);
    chart.series.forEach(({ name, style }, i) => {
      if (style === 'round' && name !== 'round 1') entries[i].style.display = 'none';
      else if (style === 'round') entries[i].querySelector('.u-label').textContent = 'each round';
    });
  }

  const charts = JSON.parse(document.getElementById('charts').textContent);
  charts.forEach((chart, i) => draw(chart, document.getElementById(`chart-${i}`)));
})();
