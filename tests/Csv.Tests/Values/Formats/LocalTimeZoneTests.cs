using System.Globalization;
using CsCheck;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Tests.Values.Formats;

public sealed class LocalTimeZoneTests
{
    [Theory]
    [InlineData("Asia/Tokyo", "2024-07-01T09:00:00", "2024-07-01T00:00:00")]
    [InlineData("Europe/Berlin", "2024-03-31T01:59:59", "2024-03-31T00:59:59")]
    [InlineData("Europe/Berlin", "2024-03-31T02:30:00", "Skipped")]
    [InlineData("Europe/Berlin", "2024-03-31T03:00:00", "2024-03-31T01:00:00")]
    [InlineData("Europe/Berlin", "2024-10-27T02:30:00", "Repeated")]
    [InlineData("Europe/Berlin", "2024-10-27T03:00:00", "2024-10-27T02:00:00")]
    [InlineData("Australia/Lord_Howe", "2024-10-06T02:15:00", "Skipped")]
    [InlineData("Asia/Tokyo", "0001-01-01T00:00:00", "OutOfRange")]
    public void ATimeThatIsNotOneInstantIsNone(string zone, string local, string expected)
    {
        var outcome = new LocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById(zone)).ToInstant(Micros(local), out var micros);
        Assert.Equal(expected, outcome == LocalTime.Exact ? DateTime.UnixEpoch.AddTicks(micros * 10).ToString("s", CultureInfo.InvariantCulture) : outcome.ToString());
    }

    [Fact]
    public void InstantsAreDotNetsWhateverWasAskedBefore() =>
        Gen.Select(AnyOf.These("Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"), Gen.Long[0, 60L * 24 * 366 * 3].Array[2, 40]).Sample((id, minutes) =>
        {
            var info = TimeZoneInfo.FindSystemTimeZoneById(id);
            var zone = new LocalTimeZone(info);
            foreach (var minute in minutes)
            {
                var local = new DateTime(2023, 1, 1).AddMinutes(minute);
                var outcome = zone.ToInstant((local.Ticks - DateTime.UnixEpoch.Ticks) / 10, out var micros);
                var expected = info.IsInvalidTime(local) ? LocalTime.Skipped : info.IsAmbiguousTime(local) ? LocalTime.Repeated : LocalTime.Exact;
                Assert.Equal(expected, outcome);
                if (outcome == LocalTime.Exact)
                    Assert.Equal(TimeZoneInfo.ConvertTimeToUtc(local, info), DateTime.UnixEpoch.AddTicks(micros * 10));
            }
        }, iter: TestSize.Of(2_000));

    private static long Micros(string text) => (DateTime.Parse(text, CultureInfo.InvariantCulture).Ticks - DateTime.UnixEpoch.Ticks) / 10;
}
