package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/approval/notice"
	"onewindow/casework/exchange"
)

// exchangeRoutes lists what the uploader to the ministry's tables asks.
func (s *Server) exchangeRoutes(api huma.API, mux *http.ServeMux) {
	guarded(api, http.MethodGet, "/v1/exchange", "exchange-batch", "数据共享交换：增量批次，含校验未通过的记录", access.ExchangeRead, try(s, s.exchangeBatch))
	for _, table := range exchange.Names() {
		op := &huma.Operation{OperationID: "exchange-" + table, Method: http.MethodGet, Path: "/v1/exchange/" + table, Summary: table + "（CSV，增量）",
			Parameters: []*huma.Param{{Name: "after", In: "query", Schema: &huma.Schema{Type: "integer"}}},
			Responses:  map[string]*huma.Response{"200": binary("表", "text/csv")}}
		s.plain(api, mux, op, access.ExchangeRead, func(w http.ResponseWriter, r *http.Request) { s.exchangeTable(w, r, table) })
	}
}

func (s *Server) exchangeOffice() *exchange.Office {
	return &exchange.Office{Records: s.Records, Edition: s.Office.Edition}
}

type exchangeInput struct {
	After    int64  `query:"after" minimum:"0" doc:"上一批的 next"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"500" doc:"最多看多少个事件"`
	Division string `query:"division"`
}

type exchangeBody struct{ Body exchange.Batch }

func (s *Server) exchangeBatch(ctx context.Context, in *exchangeInput) (*exchangeBody, error) {
	if err := confine(&in.Division, who(ctx)); err != nil {
		return nil, err
	}
	b, err := s.exchangeOffice().Batch(ctx, in.After, in.Limit, in.Division)
	return &exchangeBody{b}, err
}

// exchangeTable writes one table of a batch as CSV; the number for the next
// question stands in a header.
func (s *Server) exchangeTable(w http.ResponseWriter, r *http.Request, table string) {
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		after = 0
	}
	division := ""
	err = confine(&division, who(r.Context()))
	var b exchange.Batch
	if err == nil {
		b, err = s.exchangeOffice().Batch(r.Context(), after, 1000, division)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	sheet := notice.Table{Columns: exchange.Columns(table)}
	for _, row := range b.Tables[table] {
		cells := make([]string, len(sheet.Columns))
		for i, c := range sheet.Columns {
			cells[i] = row[c]
		}
		sheet.Rows = append(sheet.Rows, cells)
	}
	failed := slices.DeleteFunc(b.Failed, func(f exchange.Failure) bool { return f.Table != table })
	w.Header().Set("Exchange-Next", fmt.Sprint(b.Next))
	w.Header().Set("Exchange-Failed", fmt.Sprint(len(failed)))
	s.sheet(w, r, table+".csv", sheet)
}
