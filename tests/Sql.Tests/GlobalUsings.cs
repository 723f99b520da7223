global using Etl.TestSupport;
global using Xunit;
