package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"onewindow/access"
	"onewindow/casework/learning"
)

// learningRoutes keep what is learned of document types from people's decisions:
// models and thresholds.
func (s *Server) learningRoutes(api huma.API) {
	guarded(api, http.MethodGet, "/v1/learning", "get-learning", "分类模型、阈值与评估", access.LearningManage, try(s, s.getLearning))
	guarded(api, http.MethodPost, "/v1/learning/models", "train-model", "用目录和人工确认训练新模型；不参与判定", access.LearningManage, try(s, s.trainModel))
	guarded(api, http.MethodPost, "/v1/learning/models/{version}/evaluate", "evaluate-model", "试运行：用训练之后的人工确认评估模型", access.LearningManage, try(s, s.evaluateModel))
	guarded(api, http.MethodPost, "/v1/learning/models/{version}/promote", "promote-model", "采用模型；评估不合格的不能采用", access.LearningManage, try(s, s.promoteModel))
	guarded(api, http.MethodPost, "/v1/learning/rollback", "rollback-model", "回到此前的判定方式", access.LearningManage, try(s, s.rollbackModel))
	guarded(api, http.MethodPost, "/v1/learning/measure", "measure-types", "按类型计算现行判定的准确率和覆盖率", access.LearningManage, try(s, s.measureTypes))
	guarded(api, http.MethodPut, "/v1/learning/thresholds/{code}", "set-threshold", "设定一种文书或材料的识别阈值", access.LearningManage, try(s, s.setThreshold))
}

type learningBody struct{ Body learning.State }

func stateBody(state learning.State, err error) (*learningBody, error) {
	return &learningBody{state}, err
}

func (s *Server) getLearning(ctx context.Context, _ *struct{}) (*learningBody, error) {
	return stateBody(s.Learning.State(ctx))
}

type modelBody struct {
	Status int
	Body   learning.Model
}

func (s *Server) trainModel(ctx context.Context, _ *struct{}) (*modelBody, error) {
	m, err := s.Learning.Train(ctx, who(ctx).Account)
	return &modelBody{Status: http.StatusCreated, Body: m}, err
}

// ModelPath names a model in a route.
type ModelPath struct {
	Version int64 `path:"version" minimum:"1" doc:"模型版本"`
}

type reportBody struct{ Body learning.Report }

func (s *Server) evaluateModel(ctx context.Context, in *ModelPath) (*reportBody, error) {
	r, err := s.Learning.Evaluate(ctx, in.Version, who(ctx).Account)
	return &reportBody{r}, err
}

func (s *Server) promoteModel(ctx context.Context, in *ModelPath) (*learningBody, error) {
	return stateBody(s.Learning.Promote(ctx, in.Version, who(ctx).Account))
}

func (s *Server) rollbackModel(ctx context.Context, _ *struct{}) (*learningBody, error) {
	return stateBody(s.Learning.Rollback(ctx, who(ctx).Account))
}

func (s *Server) measureTypes(ctx context.Context, _ *struct{}) (*learningBody, error) {
	return stateBody(s.Learning.Measure(ctx, who(ctx).Account))
}

type thresholdInput struct {
	Code string `path:"code" maxLength:"80" doc:"文书或材料类型代码"`
	Body struct {
		Threshold float64 `json:"threshold" doc:"0.55 到 1；0 为恢复默认，1 为一律人工核对"`
	}
}

func (s *Server) setThreshold(ctx context.Context, in *thresholdInput) (*learningBody, error) {
	return stateBody(s.Learning.SetThreshold(ctx, in.Code, in.Body.Threshold, who(ctx).Account))
}
