namespace Etl.Core.Errors;

/// <summary>A value broke a type that the plan had guessed from samples, so nothing that is staged by that plan will be loaded: plan again, then stage again.</summary>
public sealed class PlanAgainException(SchemaBrokenException broken)
    : EtlException($"{broken.Where}, {broken.Column}: {broken.Reason}. The plan had guessed the column's type from samples, which hold no such value, and nothing was loaded. Run `etl plan --open` again: it looks at all rows and opens a run with types that fit; then the stage tasks and `etl commit`.", broken);
