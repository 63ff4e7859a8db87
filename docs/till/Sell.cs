// Sells through the local API of a resident display (`patron-display stand`), as a till would.
//
//     Sell sell 12.50 A1-2047           a sale of 12.50
//     Sell sell 12.50 A1-2047 20.00     the same of a basket of 20.00; a part of the 12.50 may be paid
//     Sell refund CP-C7F-ZS5 R1 5.00    gives 5.00 back; without an amount, all that was paid
//
// PATRON_DISPLAY_URL (http://127.0.0.1:8790) and PATRON_DISPLAY_TOKEN (pdt_...) come from the environment. Ends with the
// exit codes of `patron-display sale` and `refund`. C# 7 without packages, for .NET and Mono:
//
//     mcs -r:System.Net.Http.dll -r:System.Runtime.Serialization.dll -r:System.Xml.dll -r:System.Xml.Linq.dll Sell.cs

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;

/// <summary>The display refused a call.</summary>
public sealed class Problem : Exception
{
    public readonly int Status;
    public readonly string Reason;
    public readonly int ExitCode;

    public Problem(int status, Json body)
        : base(body.Text("detail") ?? "the answer " + status + " is not one of patron-display")
    {
        Status = status;
        Reason = body.Text("reason") ?? "unexpected";
        ExitCode = body.Number("exitCode") ?? Till.NotBegun;
    }

    public bool IsPassing
    {
        get { return Status == 408 || Status == 429 || (Status >= 500 && Reason != "configuration"); }
    }
}

/// <summary>There was no answer. If the call was sent, it may have been carried out.</summary>
public sealed class NoAnswer : Exception
{
    public readonly bool WasSent;

    public NoAnswer(string message, bool wasSent = true, Exception cause = null) : base(message, cause)
    {
        WasSent = wasSent;
    }
}

/// <summary>An object of JSON. Reads with what all versions of .NET have.</summary>
public sealed class Json
{
    readonly XElement element;

    Json(XElement element) { this.element = element; }

    /// <summary>Reads an object. Text that is none counts as an empty object.</summary>
    public static Json Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new Json(new XElement("root"));
        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            using (var reader = JsonReaderWriterFactory.CreateJsonReader(bytes, XmlDictionaryReaderQuotas.Max))
                return new Json(XElement.Load(reader));
        }
        catch (XmlException)
        {
            return new Json(new XElement("root"));
        }
    }

    /// <summary>Writes an object of texts. Leaves out those that are null.</summary>
    public static string Write(params string[] keysAndValues)
    {
        var members = new List<string>();
        for (var i = 0; i < keysAndValues.Length; i += 2)
            if (keysAndValues[i + 1] != null)
                members.Add(Quoted(keysAndValues[i]) + ":" + Quoted(keysAndValues[i + 1]));
        return "{" + string.Join(",", members) + "}";
    }

    static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
            if (c == '"' || c == '\\' || c < ' ') quoted.AppendFormat("\\u{0:x4}", (int)c);
            else quoted.Append(c);
        return quoted.Append('"').ToString();
    }

    public string Text(string key)
    {
        var found = element.Element(key);
        return found == null || (string)found.Attribute("type") == "null" ? null : found.Value;
    }

    public int? Number(string key)
    {
        var text = Text(key);
        return text == null ? (int?)null : int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>An object within this one; an empty one if there is none.</summary>
    public Json Object(string key)
    {
        return new Json(element.Element(key) ?? new XElement(key));
    }
}

/// <summary>The local API.</summary>
public sealed class Display
{
    /// <summary>The display sends a comment every 10 s. A stream that is silent for longer is lost.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(25);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    /// <summary>A refund or a settlement may repeat calls to the platform.</summary>
    public static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(180);

    readonly HttpClient client;
    readonly string address;

    public Display(string address, string token)
    {
        this.address = address.TrimEnd('/');
        client = new HttpClient(new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.ExpectContinue = false;
    }

    public async Task<Json> Call(string method, string path, string body = null, TimeSpan? patience = null)
    {
        using (var response = await Open(method, path, body, null, patience ?? Patience))
            return Json.Read(await Within(response.Content.ReadAsStringAsync(), Patience));
    }

    /// <summary>Hands on the events of one connection, with their ids. Ends with the stream.</summary>
    public async Task Stream(string path, string lastId, Func<string, Json, Task> hand)
    {
        using (var response = await Open("GET", path, null, lastId, Patience))
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8))
        {
            string id = null, data = null, line;
            while ((line = await Within(reader.ReadLineAsync(), Silence)) != null)
            {
                if (line.StartsWith("id: ")) id = line.Substring(4);
                else if (line.StartsWith("data: ")) data = line.Substring(6);
                else if (line == "" && data != null)
                {
                    await hand(id, Json.Read(data));
                    data = null;
                }
            }
        }
    }

    async Task<HttpResponseMessage> Open(string method, string path, string body, string lastId, TimeSpan patience)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address + path);
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (lastId != null) request.Headers.Add("Last-Event-ID", lastId);
        var response = await Within(client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), patience);
        if (response.IsSuccessStatusCode) return response;
        using (response)
            throw new Problem((int)response.StatusCode, Json.Read(await Within(response.Content.ReadAsStringAsync(), patience)));
    }

    /// <summary>Waits for a part of an answer. Every way to fail is a lost answer.</summary>
    static async Task<T> Within<T>(Task<T> task, TimeSpan patience)
    {
        using (var over = new CancellationTokenSource())
        {
            if (await Task.WhenAny(task, Task.Delay(patience, over.Token)) != task)
                throw new NoAnswer("the display does not answer in time");
            over.Cancel();
        }
        try
        {
            return await task;
        }
        catch (Exception error) when (error is HttpRequestException || error is IOException
            || error is OperationCanceledException || error is ObjectDisposedException)
        {
            for (var cause = error; cause != null; cause = cause.InnerException)
                if (cause is SocketException && ((SocketException)cause).SocketErrorCode == SocketError.ConnectionRefused)
                    throw new NoAnswer("nothing listens at the display's address", false, error);
            throw new NoAnswer("the connection broke: " + error.Message, true, error);
        }
    }
}

/// <summary>A sale at the display. If anything is unclear, the same terms are sent again: that never charges twice.</summary>
public sealed class Sale
{
    /// <summary>The time without the display after which this till gives up. The outcome is not known then.</summary>
    static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(120);

    readonly Display display;
    readonly string path;
    readonly string terms;

    public Sale(Display display, string reference, string amount, string basket)
    {
        this.display = display;
        path = "/v1/sales/" + Uri.EscapeDataString(reference);
        terms = Json.Write("ref", reference, "amount", amount, "basket", basket);
    }

    /// <summary>Starts the sale. A Problem means that nothing was started; NoAnswer.WasSent that this is not known.</summary>
    public async Task Start()
    {
        var wasLost = false;
        Exception last = null;
        foreach (var pause in new[] { 500, 1000, 2000, 5000, 5000, 0 })
        {
            Problem refused = null;
            try
            {
                await Post();
                return;
            }
            catch (NoAnswer error)
            {
                wasLost |= error.WasSent;
                last = error;
            }
            catch (Problem problem)
            {
                last = refused = problem;
            }
            // Another sale may have the display since the first, lost answer.
            if (refused != null && wasLost && await Document() != null) return;
            if (refused != null && !refused.IsPassing) throw refused;
            await Task.Delay(pause);
        }
        if (last is Problem && !wasLost) throw last;
        throw new NoAnswer(last.Message, wasLost, last);
    }

    Task<Json> Post() { return display.Call("POST", "/v1/sales", terms); }

    /// <summary>The sale as the display or its journal knows it, or null.</summary>
    public async Task<Json> Document()
    {
        try
        {
            return await display.Call("GET", path);
        }
        catch (Problem problem) when (problem.Reason == "no-such-sale")
        {
            return null;
        }
    }

    /// <summary>Hands on all events, and returns the outcome. NoAnswer means that it cannot be found out.</summary>
    public async Task<Json> Follow(Func<Json, Task> hand)
    {
        string lastId = null;
        Json outcome = null;
        var heard = DateTime.UtcNow;
        while (true)
        {
            try
            {
                await display.Stream(path + "/events", lastId, async (id, told) =>
                {
                    lastId = id;
                    heard = DateTime.UtcNow;
                    if (told.Text("event") == "outcome") outcome = told;
                    else await hand(told);
                });
            }
            catch (NoAnswer error)
            {
                Till.Say(error.Message);
            }
            catch (Problem problem) when (problem.IsPassing || problem.Reason == "no-such-sale")
            {
            }
            if (outcome != null) return outcome;
            // The stream has ended early: the connection broke, or the display was started anew.
            await Task.Delay(1000);
            try
            {
                var document = await TakeUp();
                heard = DateTime.UtcNow;
                if (document.Text("state") == "over") return document;
                // A display that was started anew counts the events from 1 again.
                if (lastId != null && int.Parse(lastId) > (document.Number("lastEventId") ?? 0)) lastId = null;
            }
            catch (Exception error) when (error is NoAnswer || error is Problem)
            {
                var problem = error as Problem;
                if (problem != null && !problem.IsPassing && problem.Reason != "busy") throw;
                if (DateTime.UtcNow - heard > GiveUp) throw new NoAnswer(error.Message, true, error);
            }
        }
    }

    /// <summary>Returns the sale's document. Starts the sale again if the display ended during it.</summary>
    async Task<Json> TakeUp()
    {
        var document = await Document();
        if (document == null || document.Text("state") == "unsettled") return await Post();
        if (document.Text("outcome") == "paid" && document.Text("lastEventId") == null)
        {
            // Paid while the display was away. Now its screen shows the tick, and need not show it before the next sale.
            try
            {
                await Post();
            }
            catch (Exception error) when (error is NoAnswer || error is Problem)
            {
            }
        }
        return document;
    }

    /// <summary>Sends a command if the sale is still so. A person may have been faster, at the display.</summary>
    public async Task Command(string command, Func<Json, bool> still)
    {
        try
        {
            var document = await Document();
            if (document != null && still(document))
                await display.Call("POST", path + "/commands", Json.Write("command", command));
        }
        catch (NoAnswer)
        {
            // Not repeated: it might meet another question. The next event tells what happened.
        }
        catch (Problem problem) when (problem.IsPassing || problem.Reason == "not-now" || problem.Reason == "no-such-sale")
        {
        }
    }
}

/// <summary>The till.</summary>
public static class Till
{
    public const int Unknown = 30, NotBegun = 75;
    static readonly Dictionary<string, int> Codes = new Dictionary<string, int>
    {
        { "paid", 0 }, { "part-paid", 10 }, { "expired", 20 }, { "cancelled", 21 }, { "refund-started", 22 },
        { "unknown", Unknown }, { "rejected", 40 }, { "unreachable", 41 },
    };
    /// <summary>Endings that the display offers to try again.</summary>
    static readonly string[] NotPaid = { "expired", "cancelled", "rejected", "unreachable" };

    public static int Main(string[] args)
    {
        var address = Environment.GetEnvironmentVariable("PATRON_DISPLAY_URL") ?? "http://127.0.0.1:8790";
        var display = new Display(address, Environment.GetEnvironmentVariable("PATRON_DISPLAY_TOKEN"));
        var more = args.Length > 3 ? args[3] : null;
        try
        {
            return (args[0] == "refund" ? Refund(display, args[1], args[2], more) : Sell(display, args[1], args[2], more))
                .GetAwaiter().GetResult();
        }
        catch (Problem problem)
        {
            Say(problem.Reason + ": " + problem.Message);
            return problem.ExitCode;
        }
        catch (NoAnswer error)
        {
            Say(error.Message);
            if (!error.WasSent) return NotBegun;
            Say("Not known: do not charge again. Start this again with the same reference.");
            return Unknown;
        }
    }

    static async Task<int> Sell(Display display, string amount, string reference, string basket)
    {
        var sale = new Sale(display, reference, amount, basket);
        // A real till writes the terms to its disk before this line, and forgets them after the outcome.
        await sale.Start();
        Json outcome;
        try
        {
            outcome = await sale.Follow(told => Hear(sale, told));
        }
        catch (Problem problem)
        {
            // A sale that has begun is not over because the display refuses a call.
            throw new NoAnswer(problem.Reason + ": " + problem.Message, true, problem);
        }
        var name = outcome.Text("outcome");
        Console.WriteLine(name + " " + outcome.Text("shortCode") + " " + outcome.Text("reason"));
        if (name == "unknown") Say("Not known whether it was paid. Do not charge again.");
        if (name == "part-paid") await SettlePart(display, outcome);
        return Codes[name];
    }

    /// <summary>Handles an event: tells the cashier, and asks.</summary>
    static async Task Hear(Sale sale, Json told)
    {
        var outcome = told.Text("outcome");
        switch (told.Text("event"))
        {
            case "created":
                // Keep these with the sale: refunds and questions to Centrapay need them.
                Say("request " + told.Text("id") + " " + told.Text("shortCode"));
                break;
            case "shown":
                Say("the customer can scan the code");
                break;
            case "waiting":
                if (told.Text("reason") == "part-payment") Say("still to be paid: " + InWords(told.Object("remaining")));
                if (told.Text("reason") == "condition") await AnswerCondition(sale, told.Text("message"));
                break;
            case "ended":
                await AfterEnding(sale, outcome, told.Number("attempt"));
                break;
            case "earlier":
                Say("earlier sale " + told.Text("externalRef") + " " + outcome);
                break;
            case "error":
                Say("display: " + told.Text("message"));
                break;
        }
    }

    /// <summary>Lets the cashier answer. After a reconnection an event may be old, so what counts is the document.</summary>
    static async Task AnswerCondition(Sale sale, string message)
    {
        Func<Json, bool> still = document =>
            document.Object("waiting").Text("reason") == "condition" && document.Object("waiting").Text("message") == message;
        var now = await sale.Document();
        if (now == null || !still(now)) return;
        Say("asked: " + message);
        await sale.Command(Ask("Accept?") ? "accept" : "decline", still);
    }

    /// <summary>An attempt without payment waits on the screen with "Try again".</summary>
    static async Task AfterEnding(Sale sale, string outcome, int? attempt)
    {
        Func<Json, bool> still = document => document.Text("state") == "ended" && document.Number("attempt") == attempt;
        if (outcome == "unknown")
        {
            // The display keeps asking the platform, and its screen says what staff can do.
            Say("Not known yet whether it was paid. Do not charge again. Look at the display.");
        }
        else if (outcome == "part-paid")
        {
            // The outcome has what remains. The decision comes after it.
            await sale.Command("close", still);
        }
        else if (NotPaid.Contains(outcome))
        {
            var now = await sale.Document();
            if (now == null || !still(now)) return;
            Say("not paid: " + outcome);
            await sale.Command(Ask("Try again?") ? "retry" : "close", still);
        }
    }

    /// <summary>A part was paid: the rest comes by other means, or the part goes back.</summary>
    static async Task SettlePart(Display display, Json outcome)
    {
        Say(InWords(outcome.Object("remaining")) + " is still owed.");
        var body = Json.Write("part", Ask("Paid another way?") ? "confirm" : "refund", "name", outcome.Text("id"));
        try
        {
            // The same decision again changes nothing.
            await Repeat(() => display.Call("POST", "/v1/settle", body, Display.LongPatience));
        }
        catch (Exception error) when (error is NoAnswer || error is Problem)
        {
            Say("The part payment still needs a decision: " + error.Message);
        }
    }

    /// <summary>Gives money back. The same reference never gives it back twice.</summary>
    static async Task<int> Refund(Display display, string payment, string reference, string amount)
    {
        var body = Json.Write("payment", payment, "ref", reference, "amount", amount);
        var result = await Repeat(() => display.Call("POST", "/v1/refunds", body, Display.LongPatience));
        Console.WriteLine(result.Text("outcome") + " " + result.Text("refundCode") + " " + result.Text("reason"));
        return result.Number("exitCode") ?? Unknown;
    }

    /// <summary>Calls until there is an answer. A Problem means that nothing was carried out.</summary>
    static async Task<Json> Repeat(Func<Task<Json>> call)
    {
        var wasLost = false;
        Exception last = null;
        foreach (var pause in new[] { 500, 1000, 2000, 5000, 0 })
        {
            try
            {
                return await call();
            }
            catch (NoAnswer error)
            {
                wasLost |= error.WasSent;
                last = error;
            }
            catch (Problem problem) when (problem.IsPassing || wasLost)
            {
                last = problem;
            }
            await Task.Delay(pause);
        }
        if (last is Problem && !wasLost) throw last;
        throw new NoAnswer(last.Message, wasLost, last);
    }

    /// <summary>Without a cashier at the keyboard, the answer is no.</summary>
    static bool Ask(string question)
    {
        Console.Error.Write(question + " [y/n] ");
        return (Console.ReadLine() ?? "").ToLowerInvariant() == "y";
    }

    public static void Say(string words) { Console.Error.WriteLine(words); }

    /// <summary>An amount is in minor units, as text. This shop's currency has two decimals.</summary>
    static string InWords(Json total)
    {
        var amount = total.Text("amount");
        if (amount == null) return "unknown";
        return (decimal.Parse(amount, CultureInfo.InvariantCulture) / 100).ToString("0.00", CultureInfo.InvariantCulture)
            + " " + total.Text("currency");
    }
}
