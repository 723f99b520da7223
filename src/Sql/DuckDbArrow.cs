using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow.C;
using DuckDB.NET.Native;

namespace Etl.Sql;

/// <summary>The part of DuckDB's C interface to Arrow that its .NET bindings leave out (https://duckdb.org/docs/stable/clients/c/api#arrow-interface).</summary>
internal static unsafe partial class DuckDbArrow
{
    /// <summary>Makes a view of a stream of record batches, in place of one of the same name. The stream is read by the queries over the view, without a copy.</summary>
    [LibraryImport("duckdb", EntryPoint = "duckdb_arrow_scan", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial DuckDBState Scan(DuckDBNativeConnection connection, string name, CArrowArrayStream* stream);
}
