// One conversion by nodejs-polars: scanCSV streamed into sinkParquet. POLARS_MAX_THREADS says how many threads.
import pl from "nodejs-polars";

const [input, output, compression] = process.argv.slice(2);
pl.scanCSV(input, { parseDates: true }).sinkParquet(output, { compression }).collectSync({ streaming: true });
